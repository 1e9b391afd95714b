'use client';

import { clsx } from 'clsx';
import { type ComponentProps, type MouseEvent, useId } from 'react';
import { PageLink } from '@/components/ui/page-link';

export type ButtonVariant = 'plain' | 'primary' | 'quiet' | 'danger';

interface ButtonStyle {
  variant?: ButtonVariant;
  size?: 'normal' | 'small';
  block?: boolean;
}

interface ButtonProps extends ComponentProps<'button'>, ButtonStyle {
  /** Why the action is not possible now. It stands under the button, which stays focusable and does nothing. */
  disabledReason?: string | null;
}

const variants = {
  plain: 'border-line-strong bg-panel text-ink hover:bg-sunken',
  primary: 'border-accent bg-accent text-on-accent hover:bg-[color-mix(in_srgb,var(--accent)_88%,var(--text))]',
  quiet: 'border-transparent text-ink-2 hover:bg-hover hover:text-ink',
  danger: 'border-[color-mix(in_srgb,var(--c-bad)_48%,var(--panel))] bg-panel text-bad hover:bg-bad-soft',
} satisfies Record<ButtonVariant, string>;

function buttonClass({ variant = 'plain', size = 'normal', block = false }: ButtonStyle, disabled: boolean): string {
  return clsx(
    'inline-flex items-center justify-center gap-1.5 rounded-control border font-medium whitespace-nowrap transition-colors',
    size === 'small' ? 'h-6 px-2 text-12 phone:h-9' : clsx('h-7 phone:h-9', variant === 'quiet' ? 'px-2' : 'px-3'),
    block && 'w-full',
    disabled ? 'cursor-not-allowed border-line bg-sunken text-ink-3' : variants[variant],
  );
}

/** A button says what happens, with an ellipsis when a dialog follows. It submits a form only with `type="submit"`. */
export function Button({
  variant,
  size,
  block,
  disabledReason,
  className,
  onClick,
  'aria-describedby': describedBy,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const blocked = typeof disabledReason === 'string';
  const button = (
    <button
      type="button"
      {...rest}
      aria-disabled={blocked || undefined}
      aria-describedby={clsx(describedBy, blocked && reasonId) || undefined}
      className={clsx(buttonClass({ variant, size, block }, blocked || rest.disabled === true), className)}
      onClick={blocked ? preventDefault : onClick}
    />
  );
  if (!blocked) return button;
  return (
    <span className={clsx('inline-grid content-start gap-0.5', block ? 'w-full' : 'justify-items-start')}>
      {button}
      <span id={reasonId} className="max-w-64 text-12 text-ink-3">
        {disabledReason}
      </span>
    </span>
  );
}

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function ButtonLink({
  variant,
  size,
  block,
  className,
  ...rest
}: ComponentProps<typeof PageLink> & ButtonStyle) {
  return <PageLink {...rest} className={clsx(buttonClass({ variant, size, block }, false), className)} />;
}

function preventDefault(event: MouseEvent): void {
  event.preventDefault();
}
