'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { parseAsArrayOf, parseAsString, useQueryStates } from 'nuqs';
import { mainPages } from '@/components/shell/rail-pages';
import { useShell } from '@/components/shell/shell-context';
import { useTRPC } from '@/components/trpc/client';
import { FilterChips } from '@/components/ui/chip';

/** More than these are a select. */
const CHIPS_SHOWN = 5;

const search = {
  env: parseAsString.withDefault(''),
  /** Another environment has other pages. */
  after: parseAsArrayOf(parseAsString),
};

/** Narrows the list of this page to one environment, where the page has such a list and there is a choice. */
export function EnvironmentFilter() {
  const path = usePathname();
  const { data: environments = [] } = useQuery(useTRPC().environment.list.queryOptions());
  const isNarrowable = mainPages.some((page) => 'byEnvironment' in page && page.href === path);
  return isNarrowable && environments.length > 1 ? <Filter names={environments.map(({ name }) => name)} /> : null;
}

function Filter({ names }: { names: readonly string[] }) {
  const { chooseEnvironment } = useShell();
  const [{ env }, setSearch] = useQueryStates(search);
  return (
    <FilterChips
      label="Environment"
      allLabel="all"
      options={names.map((name) => ({ value: name, label: name }))}
      value={env || null}
      onChange={(name) => {
        chooseEnvironment(name);
        void setSearch({ env: name, after: null });
      }}
      asSelect={names.length > CHIPS_SHOWN}
    />
  );
}
