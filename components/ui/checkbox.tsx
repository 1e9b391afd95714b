import { clsx } from 'clsx';
import type { ComponentProps, ReactNode } from 'react';

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type' | 'className'> {
  /** Some of what it stands for is chosen. */
  mixed?: boolean;
  /** The label. Without it the box needs an `aria-label`. */
  children?: ReactNode;
  className?: string;
}

export function Checkbox({ mixed = false, children, className, ...rest }: CheckboxProps) {
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
        // Only a script can set it.
        ref={(input) => {
          if (input !== null) input.indeterminate = mixed;
        }}
        type="checkbox"
        className="tick-box my-0.5 size-4 flex-none appearance-none rounded-[3px] border border-control bg-panel disabled:border-line disabled:bg-sunken"
      />
      {children}
    </label>
  );
}
