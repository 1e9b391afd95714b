import type { ReactNode } from 'react';

/** Facts of one object, each with its name. */
export function KeyValues({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-3 gap-y-1 phone:grid-cols-[96px_minmax(0,1fr)]">
      {children}
    </dl>
  );
}

export function KeyValue({ term, children }: { term: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{term}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}
