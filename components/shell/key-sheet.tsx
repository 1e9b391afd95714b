'use client';

import { shortcutGroups } from '@/components/shell/key-sheet-groups';
import { useShell } from '@/components/shell/shell-context';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';

/** All keys, and the switch for those that are pressed without a modifier. */
export function KeySheet({ onOpenChange }: { onOpenChange: (open: boolean) => void }) {
  const { singleKeys, setSingleKeys } = useShell();
  return (
    <Dialog open onOpenChange={onOpenChange} title="Keyboard" wide>
      <Checkbox checked={singleKeys} onChange={(event) => setSingleKeys(event.target.checked)}>
        Single keys on
      </Checkbox>
      <div className="columns-2 gap-6 phone:columns-1">
        {shortcutGroups.map(({ title, shortcuts }) => (
          <section key={title} className="mb-3 break-inside-avoid">
            <h3 className="mb-1 text-12 text-ink-3">{title}</h3>
            <ul>
              {shortcuts.map(({ keys, does }) => (
                <li key={does} className="flex min-h-7 items-center justify-between gap-3">
                  <span>{does}</span>
                  <Keys keys={keys} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <p className="text-12 text-pretty text-ink-3">
        No key approves, stops or removes anything: that is asked for in a dialog first. Keys do nothing while you type.
      </p>
    </Dialog>
  );
}

function Keys({ keys }: { keys: readonly string[] }) {
  return (
    <span className="flex gap-0.5">
      {keys.map((key) => (
        <kbd
          key={key}
          className="min-w-4.5 rounded-[3px] border border-line-strong bg-panel px-1 text-center text-11 text-ink-3"
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
