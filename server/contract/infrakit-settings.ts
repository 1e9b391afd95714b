import { z } from 'zod';

const DAY_MS = 86_400_000;
const milliseconds = (least: number, most: number) => z.int().min(least).max(most);

/** `{id}`, `{logicalId}` and `{tag:name}` stand for what the machine's description says. */
const urlTemplate = z
  .string()
  .max(500)
  .regex(/^https?:\/\/[^\s@]+$/, 'write an http or https address, for example http://{tag:address}:8080/health');

/** Which plugin drives an environment of the kind `infrakit`, and how what plugins do not tell is found out. */
export const infrakitSettingsSchema = z.strictObject({
  /** The plugin's socket, the file `*.listen` that holds its address, or the address itself. */
  address: z
    .string()
    .max(200)
    .regex(/^(\/\S+|tcp:\/\/[^\s/@]+:\d+)$/, 'write the path of a socket or of a .listen file, or tcp://host:port'),
  /** Where one address serves several plugins: the part of the plugin's name that follows the slash. */
  type: z.string().max(100).default(''),
  /** A machine is healthy while this answers GET with 2xx. null: it is healthy from its minimum age on. */
  probe: z.strictObject({ url: urlTemplate }).nullable().default(null),
  /** Until then a machine is starting, unless its probe passes before. */
  minimumAgeMs: milliseconds(0, DAY_MS).default(30_000),
  /** Is told of each drain and says when the machine is drained. A command is one that the server's own file names. */
  drainHook: z
    .union([z.strictObject({ url: urlTemplate }), z.strictObject({ command: z.string().min(1).max(100) })])
    .nullable()
    .default(null),
  hookLimitMs: milliseconds(100, 10_000).default(5_000),
  /** Without a drain hook nobody can tell when a machine is drained: so long after the order it is taken for it. */
  drainWaitMs: milliseconds(0, DAY_MS).default(60_000),
});

export type InfrakitSettings = z.infer<typeof infrakitSettingsSchema>;
