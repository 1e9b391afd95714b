import { clsx } from 'clsx';
import { type AnsiColour, parseAnsi } from '@/components/log/ansi';
import { splitMatches } from '@/components/log/split-matches';

/** The colours of a terminal, in those of the theme that can be read on it. */
const colours = {
  black: 'text-ink-3',
  red: 'text-bad',
  green: 'text-ok',
  yellow: 'text-warn',
  blue: 'text-accent',
  magenta: 'text-mark-terminating',
  cyan: 'text-info',
  white: 'text-ink',
} satisfies Record<AnsiColour, string>;

interface AnsiTextProps {
  text: string;
  /** What was searched for; it is marked where it stands in one style. */
  search: string;
}

/** A line of a log, with the styles that its program gave it. */
export function AnsiText({ text, search }: AnsiTextProps) {
  return parseAnsi(text).map((span, index) => (
    <span
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line never move
      key={index}
      className={clsx(
        span.colour !== null && colours[span.colour],
        span.dim && 'text-ink-3',
        span.bold && 'font-medium',
        span.underline && 'underline',
      )}
    >
      {splitMatches(span.text, search).map((part, at) =>
        at % 2 === 0 ? (
          part
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line never move
          <mark key={at} className="bg-[color-mix(in_srgb,var(--c-draining)_36%,var(--panel))] text-ink">
            {part}
          </mark>
        ),
      )}
    </span>
  ));
}
