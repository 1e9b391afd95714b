import type { ReactNode } from 'react';

interface EmptyStateProps {
  /** Names the cause: never had any, a filter hides them, no permission, not synced yet. */
  title: string;
  /** What can be done about it, or when it will change. */
  children?: ReactNode;
  actions?: ReactNode;
  level?: 1 | 2 | 3;
}

export function EmptyState({ title, children, actions, level = 3 }: EmptyStateProps) {
  const Heading = `h${level}` as const;
  return (
    <div className="grid justify-items-start gap-2 px-4 py-6">
      <Heading className={level === 1 ? 'text-18 font-medium tracking-tight' : 'font-medium'}>{title}</Heading>
      {children !== undefined && <div className="max-w-[72ch] text-pretty text-ink-2">{children}</div>}
      {actions !== undefined && <div className="mt-1 flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
