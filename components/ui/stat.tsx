import Link from 'next/link';
import type { ReactNode } from 'react';

interface StatProps {
  value: ReactNode;
  /** Behind the value, small: "of 12". */
  unit?: ReactNode;
  label: ReactNode;
  /** The list that the number counts. */
  href?: string;
}

const box = 'block border-r border-line px-4 py-3 last:border-r-0 phone:even:border-r-0';

/** A number that is worth a look from afar. */
export function Stat({ value, unit, label, href }: StatProps) {
  const content = (
    <>
      <span className="block h-7 text-24 font-medium tracking-[-0.02em] whitespace-nowrap">
        {value}
        {unit !== undefined && <span className="text-14 font-regular tracking-normal text-ink-3"> {unit}</span>}
      </span>
      <span className="text-ink-2">{label}</span>
    </>
  );
  return href === undefined ? (
    <div className={box}>{content}</div>
  ) : (
    <Link href={href} className={`${box} hover:bg-hover`}>
      {content}
    </Link>
  );
}

/** Up to four numbers in a row, in a flush panel; two by two on a phone. */
export function Stats({ children }: { children: ReactNode }) {
  return <div className="grid auto-cols-fr grid-flow-col phone:grid-flow-row phone:grid-cols-2">{children}</div>;
}
