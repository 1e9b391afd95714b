export function Kbd({ children }: { children: string }) {
  return (
    <kbd className="inline-block min-w-4.5 rounded-[3px] border border-line-strong bg-panel px-1 text-center font-sans text-11 text-ink-3">
      {children}
    </kbd>
  );
}
