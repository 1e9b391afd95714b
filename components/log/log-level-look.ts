import type { LogLevel } from '@/server/domain/session/log-level.ts';

interface LevelLook {
  /** Says the level a second time, for eyes that do not tell the colours apart. */
  readonly letter: string;
  readonly text: string;
  /** Behind the whole line. */
  readonly ground: string;
}

export const levelLook = {
  debug: { letter: 'D', text: 'text-ink-3', ground: '' },
  info: { letter: 'I', text: 'text-ink-3', ground: '' },
  warn: { letter: 'W', text: 'text-warn', ground: 'bg-warn-soft' },
  error: { letter: 'E', text: 'text-bad', ground: 'bg-bad-soft' },
} satisfies Record<LogLevel, LevelLook>;
