import { clsx } from 'clsx';
import type { ReactNode } from 'react';

const shapes = {
  disc: <circle cx="6" cy="6" r="5" fill="currentColor" stroke="none" />,
  'disc-half': (
    <>
      <circle cx="6" cy="6" r="4.5" strokeWidth="1.5" />
      <path d="M1.5 6a4.5 4.5 0 0 0 9 0z" fill="currentColor" stroke="none" />
    </>
  ),
  'disc-tick': (
    <>
      <circle cx="6" cy="6" r="5.5" fill="currentColor" stroke="none" />
      <path d="M3.4 6.2l1.9 1.9 3.4-4" stroke="var(--panel)" strokeWidth="1.6" />
    </>
  ),
  ring: <circle cx="6" cy="6" r="4.5" strokeWidth="1.5" />,
  'ring-dashed': <circle cx="6" cy="6" r="4.5" strokeWidth="1.5" strokeDasharray="2.4 2.31" />,
  'ring-slash': (
    <>
      <circle cx="6" cy="6" r="4.5" strokeWidth="1.5" />
      <path d="M3 9l6-6" strokeWidth="1.5" />
    </>
  ),
  diamond: <path d="M6 1l5 5-5 5-5-5z" strokeWidth="1.5" />,
  'diamond-full': <path d="M6 .5L11.5 6 6 11.5.5 6z" fill="currentColor" stroke="none" />,
  'diamond-slash': <path d="M6 1l5 5-5 5-5-5zM3 9l6-6" strokeWidth="1.4" />,
  'diamond-dashed': <path d="M6 1l5 5-5 5-5-5z" strokeWidth="1.4" strokeDasharray="2 2" />,
  play: <path d="M2.5 1.2L10.5 6l-8 4.8z" fill="currentColor" stroke="none" />,
  pause: <path d="M2 1.2h3v9.6H2zM7 1.2h3v9.6H7z" fill="currentColor" stroke="none" />,
  'pause-open': <path d="M2.2 1.7h2.2v8.6H2.2zM7.6 1.7h2.2v8.6H7.6z" strokeWidth="1.2" />,
  stop: <path d="M3.8.8h4.4l3 3v4.4l-3 3H3.8l-3-3V3.8z" fill="currentColor" stroke="none" />,
  'stop-open': <path d="M4 1.2h4L10.8 4v4L8 10.8H4L1.2 8V4z" strokeWidth="1.4" />,
  tick: <path d="M1.5 6.5l3 3 6-7" strokeWidth="1.8" />,
  cross: <path d="M2 2l8 8M10 2l-8 8" strokeWidth="1.8" />,
  triangle: <path d="M6 1.8L11 10.5H1z" strokeWidth="1.5" strokeLinejoin="round" />,
  'triangle-full': (
    <>
      <path d="M6 1L11.5 11H.5z" fill="currentColor" stroke="none" />
      <path d="M6 4.6v3M6 8.6v1.2" stroke="var(--panel)" strokeWidth="1.4" />
    </>
  ),
  question: (
    <>
      <path d="M3.6 4.1a2.4 2.4 0 1 1 3.6 2.1C6.3 6.7 6 7.1 6 8" strokeWidth="1.6" />
      <circle cx="6" cy="10.4" r="1" fill="currentColor" stroke="none" />
    </>
  ),
  square: <rect x="1.5" y="1.5" width="9" height="9" rx="1" strokeWidth="1.5" />,
  'square-full': <rect x="1" y="1" width="10" height="10" rx="1" fill="currentColor" stroke="none" />,
  'square-half': (
    <>
      <rect x="1.5" y="1.5" width="9" height="9" rx="1" strokeWidth="1.5" />
      <path d="M1.5 1.5H6v9H1.5z" fill="currentColor" stroke="none" />
    </>
  ),
  'square-dashed': <rect x="1.5" y="1.5" width="9" height="9" rx="1" strokeWidth="1.5" strokeDasharray="2.25 2.25" />,
  'square-minus': (
    <>
      <rect x="1.5" y="1.5" width="9" height="9" rx="1" strokeWidth="1.5" />
      <path d="M3.5 6h5" strokeWidth="1.8" />
    </>
  ),
  copy: <path d="M4 4h7v7H4zM8 4V1H1v7h3" strokeWidth="1.2" />,
  close: <path d="M2.5 2.5l7 7M9.5 2.5l-7 7" strokeWidth="1.3" />,
  search: (
    <>
      <circle cx="5" cy="5" r="3.6" strokeWidth="1.3" />
      <path d="M7.8 7.8L11 11" strokeWidth="1.3" />
    </>
  ),
  'arrow-up': <path d="M6 10.5v-9M2.5 5L6 1.5 9.5 5" strokeWidth="1.3" />,
  'arrow-down': <path d="M6 1.5v9M2.5 7L6 10.5 9.5 7" strokeWidth="1.3" />,
  'chevron-down': <path d="M2.5 4.5L6 8l3.5-3.5" strokeWidth="1.3" />,
} satisfies Record<string, ReactNode>;

export type GlyphShape = keyof typeof shapes;

interface GlyphProps {
  shape: GlyphShape;
  /** Gives the colour: a mark class such as `text-mark-bad`. */
  className?: string;
}

/** A 12 px mark. It never stands alone: a word beside it says the same, so it is hidden from screen readers. */
export function Glyph({ shape, className }: GlyphProps) {
  return (
    <svg
      viewBox="0 0 12 12"
      width="12"
      height="12"
      fill="none"
      stroke="currentColor"
      aria-hidden="true"
      className={clsx('inline-block size-3 flex-none overflow-visible', className)}
    >
      {shapes[shape]}
    </svg>
  );
}
