/** What a thing means to the reader. `bad` only where somebody must act. */
export type Tone = 'neutral' | 'ok' | 'warn' | 'bad' | 'info' | 'accent';

export const markOf = {
  neutral: 'text-mark-unknown',
  ok: 'text-mark-started',
  warn: 'text-mark-draining',
  bad: 'text-mark-bad',
  info: 'text-mark-starting',
  accent: 'text-accent',
} satisfies Record<Tone, string>;

export const textOf = {
  neutral: 'text-ink-2',
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
  info: 'text-info',
  accent: 'text-accent',
} satisfies Record<Tone, string>;
