'use client';

import { clsx } from 'clsx';
import type { ComponentProps } from 'react';
import { useFieldControl } from '@/components/ui/field';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  const control = useFieldControl();
  return <input {...control.attributes} {...rest} className={clsx(control.className, className)} />;
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  const control = useFieldControl();
  return (
    <textarea
      rows={3}
      {...control.attributes}
      {...rest}
      className={clsx(control.className, 'h-auto! py-1', className)}
    />
  );
}
