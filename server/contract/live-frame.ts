import type { LiveEvent, LiveMessage } from './live.ts';

/** A message as it travels: each event is a text, written once in the process for all who read it. */
export type LiveFrame =
  | Exclude<LiveMessage, { readonly type: 'events' }>
  | { readonly type: 'events'; readonly events: readonly string[] };

const texts = new WeakMap<LiveEvent, string>();

export function frameOf(message: LiveMessage): LiveFrame {
  return message.type === 'events' ? { type: 'events', events: message.events.map(textOf) } : message;
}

export function messageOf(frame: LiveFrame): LiveMessage {
  return frame.type === 'events' ? { type: 'events', events: frame.events.map(eventOf) } : frame;
}

function textOf(event: LiveEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = JSON.stringify(event);
  texts.set(event, text);
  return text;
}

/** Only `textOf` writes what is read here. */
function eventOf(text: string): LiveEvent {
  return JSON.parse(text) as LiveEvent;
}
