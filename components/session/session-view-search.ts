import { createParser, createSerializer, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { parseOffset } from '@/components/session/session-time';
import { formatOffset } from '@/server/domain/session/session-time.ts';

export const sessionTabs = ['timeline', 'components', 'log', 'events'] as const;
export type SessionTab = (typeof sessionTabs)[number];

/** Milliseconds since the session was submitted, to the second. */
const parseAsOffset = createParser({ parse: parseOffset, serialize: (ms: number) => formatOffset(0, ms) });

/** How the page of a session stands in the address. */
export const sessionView = {
  tab: parseAsStringLiteral(sessionTabs).withDefault('timeline'),
  /** The component that is looked at; empty = the driver. */
  c: parseAsString.withDefault(''),
  /** The one moment that every picture points to. */
  t: parseAsOffset,
  /** A line of the component's log, from 1. */
  line: parseAsInteger,
};

/** The address of a part of this page. */
export const sessionHref = createSerializer(sessionView);
