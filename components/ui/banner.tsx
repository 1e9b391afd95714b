import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Glyph, type GlyphShape } from '@/components/ui/glyph';
import { markOf } from '@/components/ui/tone';

type CalloutTone = 'bad' | 'warn' | 'info';

const glyphs = { bad: 'cross', warn: 'triangle', info: null } satisfies Record<CalloutTone, GlyphShape | null>;
const words = { bad: 'Error', warn: 'Warning', info: 'Note' } satisfies Record<CalloutTone, string>;

interface BannerProps {
  tone: CalloutTone;
  /** One sentence, and what is still true. */
  children: ReactNode;
  /** The way out. */
  actions?: ReactNode;
  /** It appeared while the page was open, so it is read out. */
  announce?: boolean;
}

const banners = {
  bad: 'bg-bad-soft shadow-[inset_2px_0_0_var(--c-bad)]',
  warn: 'bg-warn-soft shadow-[inset_2px_0_0_var(--c-draining)]',
  info: 'bg-panel shadow-[inset_2px_0_0_var(--accent)]',
} satisfies Record<CalloutTone, string>;

/** A fact about the whole page. */
export function Banner({ tone, children, actions, announce = false }: BannerProps) {
  return (
    <div
      role={announce ? (tone === 'bad' ? 'alert' : 'status') : undefined}
      className={clsx(
        'flex items-start gap-3 rounded-panel border border-line px-4 py-2 phone:flex-wrap',
        banners[tone],
      )}
    >
      <Mark tone={tone} className="mt-1" />
      <div className="min-w-0 flex-1 text-pretty phone:basis-[calc(100%-36px)]">{children}</div>
      {actions !== undefined && <div className="-my-0.5 flex flex-none flex-wrap gap-2 phone:ml-6">{actions}</div>}
    </div>
  );
}

interface NoteProps {
  tone: CalloutTone;
  /** A checkbox that the warning must be ticked with. */
  control?: ReactNode;
  children: ReactNode;
  /** The source of the fact. */
  detail?: ReactNode;
  actions?: ReactNode;
}

const notes = {
  bad: 'bg-bad-soft shadow-[inset_2px_0_0_var(--c-bad)]',
  warn: 'shadow-[inset_2px_0_0_var(--c-draining)]',
  info: 'shadow-[inset_2px_0_0_var(--accent)]',
} satisfies Record<CalloutTone, string>;

/** One fact in a panel's list of facts; the panel is flush. */
export function Note({ tone, control, children, detail, actions }: NoteProps) {
  return (
    <div
      className={clsx(
        'flex items-start gap-3 border-b border-line px-4 py-2 last:border-b-0 phone:flex-wrap',
        notes[tone],
      )}
    >
      <Mark tone={tone} className="mt-1" />
      {control}
      <div className="min-w-0 flex-1 text-pretty phone:basis-[calc(100%-62px)]">
        {children}
        {detail !== undefined && <div className="text-12 text-ink-2">{detail}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-none flex-wrap gap-2 phone:ml-6">{actions}</div>}
    </div>
  );
}

function Mark({ tone, className }: { tone: CalloutTone; className?: string }) {
  const shape = glyphs[tone];
  return (
    <>
      {shape !== null && <Glyph shape={shape} className={clsx(markOf[tone], className)} />}
      <span className="sr-only">{words[tone]}: </span>
    </>
  );
}
