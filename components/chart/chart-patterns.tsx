export type ChartPattern = 'old' | 'sick' | 'starting' | 'leaving' | 'terminating' | 'forecast';

/** The fill of a pattern that stands in the same drawing. */
export function patternFill(drawing: string, pattern: ChartPattern): string {
  return `url(#${drawing}-${pattern})`;
}

/** Patterns take their colours where they are defined, so each drawing has its own. */
export function ChartPatterns({ drawing }: { drawing: string }) {
  return (
    <defs>
      <pattern id={`${drawing}-old`} width="4" height="4" patternUnits="userSpaceOnUse">
        <path d="M0 2H4" className="stroke-mark-old" strokeWidth="0.6" />
      </pattern>
      <pattern
        id={`${drawing}-leaving`}
        width="6"
        height="6"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <path d="M0 0V6" className="stroke-mark-draining" strokeWidth="1" />
      </pattern>
      <pattern id={`${drawing}-starting`} width="5" height="5" patternUnits="userSpaceOnUse">
        <circle cx="1.5" cy="1.5" r="0.9" className="fill-mark-starting" />
      </pattern>
      <pattern
        id={`${drawing}-terminating`}
        width="5"
        height="5"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(-45)"
      >
        <path d="M0 0V5" className="stroke-mark-terminating" strokeWidth="1" />
      </pattern>
      <pattern id={`${drawing}-sick`} width="5" height="5" patternUnits="userSpaceOnUse">
        <path d="M0 0L5 5M5 0L0 5" className="stroke-mark-bad" strokeWidth="0.6" />
      </pattern>
      <pattern
        id={`${drawing}-forecast`}
        width="5"
        height="5"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(-45)"
      >
        <path d="M0 0V5" className="stroke-panel" strokeWidth="1.5" />
      </pattern>
    </defs>
  );
}
