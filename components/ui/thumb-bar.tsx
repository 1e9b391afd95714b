import type { ReactNode } from 'react';

/** The actions that decide. On a phone they stay above the tab bar, where the thumb is; elsewhere they stand as they are. */
export function ThumbBar({ children }: { children: ReactNode }) {
  return (
    <div
      data-thumb
      className="contents phone:fixed phone:inset-x-0 phone:bottom-13 phone:z-20 phone:flex phone:flex-wrap phone:items-start phone:gap-2 phone:border-t phone:border-line phone:bg-panel phone:px-4 phone:py-2"
    >
      {children}
    </div>
  );
}
