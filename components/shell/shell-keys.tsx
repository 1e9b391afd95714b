'use client';

import { useRouter } from 'next/navigation';
import { mainPages, otherPages, pageHref } from '@/components/shell/rail-pages';
import { focusFilter, moveRow, toggleRow } from '@/components/shell/row-keys';
import { useShell } from '@/components/shell/shell-context';
import type { ShortcutAction } from '@/components/shell/shortcuts';
import { useShortcuts } from '@/components/shell/use-shortcuts';
import { useLivePause } from '@/components/trpc/use-live';
import { onceAlive } from '@/components/ui/alive';

/** What the keys of the whole console do. It draws nothing. */
export function ShellKeys() {
  const { singleKeys, environment, openPalette, openSheet } = useShell();
  const router = useRouter();
  const { toggle } = useLivePause();
  const goTo = (action: ShortcutAction) => () => {
    const page = [...mainPages, ...otherPages].find((one) => 'action' in one && one.action === action);
    if (page !== undefined) router.push(pageHref(page, environment));
  };
  const page = () => document.getElementById('main') ?? document;
  useShortcuts({
    singleKeys,
    openPalette,
    act: {
      'go-overview': goTo('go-overview'),
      'go-clusters': goTo('go-clusters'),
      'go-cycles': goTo('go-cycles'),
      'go-pools': goTo('go-pools'),
      'go-sessions': goTo('go-sessions'),
      'go-activity': goTo('go-activity'),
      filter: () => onceAlive(page(), () => focusFilter(page()) || openPalette()),
      'next-row': () => moveRow(page(), 1),
      'previous-row': () => moveRow(page(), -1),
      'select-row': toggleRow,
      'toggle-live': toggle,
      sheet: openSheet,
    },
  });
  return null;
}
