import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Glyph, type GlyphShape } from '@/components/ui/glyph';
import { markOf, type Tone } from '@/components/ui/tone';

interface BadgeProps {
  /** The shape says what kind of thing and how far it is; the word beside it always stands. */
  shape: GlyphShape;
  tone: Tone;
  children: ReactNode;
  className?: string;
}

/** A state: shape, colour and word say the same. */
export function Badge({ shape, tone, children, className }: BadgeProps) {
  return (
    <span className={clsx('inline-flex items-center gap-1.5 leading-5 whitespace-nowrap', className)}>
      <Glyph shape={shape} className={markOf[tone]} />
      {children}
    </span>
  );
}

/** A word in a hairline box, for what something is called and not for how it is. */
export function Tag({ children }: { children: ReactNode }) {
  return (
    <span className="rounded-[3px] border border-line-strong px-1 text-11 whitespace-nowrap text-ink-2">
      {children}
    </span>
  );
}
