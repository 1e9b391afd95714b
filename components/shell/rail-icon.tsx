import type { ReactNode } from 'react';

const drawings: Readonly<Record<string, ReactNode>> = {
  '/': <path d="M2.5 2.5h4.5v5h-4.5zM9 2.5h4.5v3h-4.5zM9 8h4.5v5.5h-4.5zM2.5 10h4.5v3.5h-4.5z" />,
  '/clusters': (
    <>
      <circle cx="5" cy="5" r="2.3" />
      <circle cx="11.2" cy="6.2" r="2.3" />
      <circle cx="7" cy="11.2" r="2.3" />
    </>
  ),
  '/cycles': <path d="M13 8a5 5 0 1 1-1.6-3.7M13 2.2v2.9h-2.9" />,
  '/pools': <path d="M2.5 4h3v8h-3zM6.5 4h3v8h-3zM10.5 4h3v8h-3z" />,
  '/sessions': <path d="M2.5 4h6M5 8h6.5M8 12h5.5" strokeWidth="2.2" />,
  '/activity': <path d="M2.5 4h11M2.5 8h11M2.5 12h7" />,
  '/environments': <path d="M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01" />,
  '/people': (
    <>
      <circle cx="8" cy="5.2" r="2.5" />
      <path d="M3 13.2c.5-2.7 2.4-4 5-4s4.5 1.3 5 4" />
    </>
  ),
};

/** The mark of a page in the narrow rail, beside a word that only screen readers and the pointer's tip say. */
export function RailIcon({ href }: { href: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.3"
      aria-hidden="true"
      className="flex-none"
    >
      {drawings[href]}
    </svg>
  );
}
