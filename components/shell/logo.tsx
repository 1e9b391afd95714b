/** A roundhouse from above: the turntable and its tracks. */
export function Logo() {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 18 18"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      aria-hidden="true"
      className="flex-none"
    >
      <circle cx="9" cy="9" r="8" />
      <circle cx="9" cy="9" r="3" />
      <path d="M9 1v5M2.1 13l4.3-2.5M15.9 13l-4.3-2.5" />
    </svg>
  );
}
