import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Engine } from './engine.ts';
import { LABELS, machineLabel } from './labels.ts';

const LISTEN_MS = 60_000;
/** The clock of the engine is not ours. */
const SETTLED_MS = 100;
/** What may change a fact of a container. What its HEALTHCHECK runs is told as well, and changes none. */
const EVENTS = ['create', 'start', 'die', 'destroy', 'rename', 'pause', 'unpause', 'health_status'];

const eventSchema = z.object({ Action: z.string(), Actor: z.object({ Attributes: z.record(z.string(), z.string()) }) });

interface Followed {
  readonly environmentId: string;
  /** A container without a HEALTHCHECK is in service by time alone, of which no event tells. */
  readonly minHealthyMs: number;
}

/** `Environment.follow` by the events of an engine. */
export async function followEvents(
  engine: Engine,
  { environmentId, minHealthyMs }: Followed,
  heard: () => void,
  signal: AbortSignal,
): Promise<void> {
  const limits = { signal, deadline: Date.now() + LISTEN_MS };
  const filters = JSON.stringify({ type: ['container'], event: EVENTS });
  const stream = await engine.ask('follow the events', limits, (docker) => docker.getEvents({ filters }));
  if (!(stream instanceof Readable)) throw engine.unavailable('follow the events', 'The engine tells of no events.');
  let isOver = false;
  const end = () => {
    isOver = true;
    stream.destroy();
  };
  const timers = [setTimeout(end, LISTEN_MS)];
  const hearStart = () => {
    timers.push(setTimeout(heard, minHealthyMs + SETTLED_MS));
    heard();
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    // Whatever has started a moment ago.
    hearStart();
    for await (const line of linesOf(stream)) {
      const { Action, Actor } = eventSchema.parse(JSON.parse(line));
      if (!isOf(environmentId, Actor.Attributes)) continue;
      if (Action === 'start') hearStart();
      else heard();
    }
  } catch (cause) {
    if (!isOver) throw engine.unavailable('follow the events', 'The events of the engine were cut off.', cause);
  } finally {
    signal.removeEventListener('abort', end);
    for (const timer of timers) clearTimeout(timer);
    stream.destroy();
  }
  if (!isOver) throw engine.unavailable('follow the events', 'The engine has ended its events.');
}

/** A machine of the environment, or a component on one. */
function isOf(environmentId: string, labels: Readonly<Record<string, string>>): boolean {
  const machines = machineLabel(environmentId, '');
  return labels[LABELS.environment] === environmentId || (labels[LABELS.machine]?.startsWith(machines) ?? false);
}

async function* linesOf(stream: Readable): AsyncIterable<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = `${text}${chunk}`.split('\n');
    text = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
}
