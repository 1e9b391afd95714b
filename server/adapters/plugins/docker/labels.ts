/** What containers and volumes of ours carry. */
export const LABELS = {
  /** Of machines and of volumes: whose they are. */
  environment: 'roundhouse.environment',
  id: 'roundhouse.id',
  logicalId: 'roundhouse.logical-id',
  spec: 'roundhouse.spec',
  /** Until when the maker of a machine may still start it. */
  deadline: 'roundhouse.deadline',
  /** Of a volume: the container that it remembers. */
  ended: 'roundhouse.ended',
  /** Of components: the machine on which they run, as `machineLabel` writes it. */
  machine: 'roundhouse.machine',
  execution: 'roundhouse.execution',
  /** How a component is told among the work in progress of its machine. */
  workload: 'roundhouse.workload',
  ports: 'roundhouse.ports',
} as const;

/** Each component of a machine carries this; those of all machines of an environment carry `environmentId/` as it begins. */
export function machineLabel(environmentId: string, instanceId: string): string {
  return `${environmentId}/${instanceId}`;
}
