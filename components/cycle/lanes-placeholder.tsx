import { Panel } from '@/components/ui/panel';

/** Keeps the room of the picture of lanes until it is there. */
export function LanesPlaceholder() {
  return (
    <Panel title="Timeline">
      <div className="h-72" />
    </Panel>
  );
}
