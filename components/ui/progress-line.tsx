/** A thin line over data that is being read again. The old data stays; the line takes no room of its own. */
export function ProgressLine({ active }: { active: boolean }) {
  return (
    <div className="relative h-0" aria-hidden="true">
      {active && (
        <div className="absolute inset-x-0 h-0.5 animate-appear overflow-hidden">
          <div className="h-full w-2/5 animate-sweep bg-accent" />
        </div>
      )}
    </div>
  );
}
