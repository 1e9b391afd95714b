interface MeterProps {
  /** What is measured, for those who do not see it. */
  label: string;
  value: number;
  max: number;
}

/** A part of a whole. The numbers stand beside it as text. */
export function Meter({ label, value, max }: MeterProps) {
  const percent = max === 0 ? 0 : Math.min(100, Math.max(0, (100 * value) / max));
  return (
    // biome-ignore lint/a11y/useSemanticElements: the browsers' own meter cannot be drawn as a hairline bar
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={`${value} of ${max}`}
      className="h-1 overflow-hidden rounded-[2px] bg-[color-mix(in_srgb,var(--text)_10%,transparent)]"
    >
      <div className="h-full bg-accent" style={{ width: `${percent}%` }} />
    </div>
  );
}
