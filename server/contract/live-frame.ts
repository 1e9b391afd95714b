import type { LiveMessage } from './live.ts';

/** A message as it travels: one line. */
export function frameOf(message: LiveMessage): string {
  return JSON.stringify(message);
}

/** Only `frameOf` writes what is read here. */
export function messageOf(frame: string): LiveMessage {
  return JSON.parse(frame) as LiveMessage;
}
