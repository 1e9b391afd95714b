import { clsx } from 'clsx';
import type { ComponentProps, ReactNode } from 'react';

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type' | 'className'> {
  /** The label. Without it the box needs an `aria-label`. */
  children?: ReactNode;
  className?: string;
}

export function Checkbox({ children, className, ...rest }: CheckboxProps) {
  return (
    <label
      className={clsx(
        'inline-flex min-h-6 min-w-6 items-start gap-2 phone:min-h-9 phone:min-w-9 phone:items-center',
        children === undefined && 'items-center justify-center',
        className,
      )}
    >
      <input
        {...rest}
        type="checkbox"
        className="my-0.5 size-4 flex-none appearance-none rounded-[3px] border border-control bg-panel checked:border-accent checked:bg-accent checked:shadow-[inset_0_0_0_3px_var(--panel)] disabled:border-line disabled:bg-sunken"
      />
      {children}
    </label>
  );
}
