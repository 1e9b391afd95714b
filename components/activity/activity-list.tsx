'use client';

import { useSuspenseInfiniteQuery } from '@tanstack/react-query';
import { parseAsString, useQueryState } from 'nuqs';
import { useDeferredValue } from 'react';
import { activityPages } from '@/components/activity/activity-query';
import { type Change, changes } from '@/components/activity/changes';
import { useTRPC } from '@/components/trpc/client';
import { useLive } from '@/components/trpc/use-live';
import { Button } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy-id';
import { EmptyState } from '@/components/ui/empty-state';
import { InPlace } from '@/components/ui/in-place';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime } from '@/components/ui/relative-time';
import { SkeletonRows } from '@/components/ui/skeleton';
import { Cell, Column, Row, RowHeader, Table, TableBody, TableHead } from '@/components/ui/table';
import { TextLink } from '@/components/ui/text-link';
import type { ActivityView } from '@/server/contract/activity.ts';

/** Everything that was done, the newest first, with a search that stands in the address. */
export function Activity() {
  const [q, setQ] = useQueryState('q', parseAsString.withDefault(''));
  const searched = useDeferredValue(q);
  return (
    <Panel flush label="Activity">
      <div className="border-b border-line px-4 py-2">
        <Input
          type="search"
          aria-label="Search who, what, object or request"
          placeholder="Search who, what, object or request"
          className="max-w-80 phone:max-w-none"
          value={q}
          onChange={(event) => void setQ(event.target.value || null)}
        />
      </div>
      <div aria-busy={q !== searched} className={q === searched ? undefined : 'opacity-60'}>
        <InPlace fallback={<SkeletonRows rows={10} />}>
          <ActivityRows q={searched} clear={() => void setQ(null)} />
        </InPlace>
      </div>
    </Panel>
  );
}

function ActivityRows({ q, clear }: { q: string; clear: () => void }) {
  const query = useTRPC().activity.list.infiniteQueryOptions({ q }, activityPages);
  const { data, hasNextPage, fetchNextPage, isFetchingNextPage } = useSuspenseInfiniteQuery(query);
  useLive('activity', data.pages[0]?.seq, query.queryKey, () => 'refetch');
  const items = data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return q === '' ? (
      <EmptyState title="Nothing was done here yet" level={2}>
        What people and the worker do is listed here, and is never removed.
      </EmptyState>
    ) : (
      <EmptyState
        title={`Nothing matches “${q}”`}
        level={2}
        actions={<Button onClick={clear}>Clear the search</Button>}
      />
    );
  }
  return (
    <>
      <Table caption="Activity, the newest first">
        <TableHead>
          <Column>When</Column>
          <Column>What</Column>
          <Column>Before → after</Column>
          <Column>Request</Column>
        </TableHead>
        <TableBody>
          {items.map((item) => (
            <ActivityRow key={item.id} item={item} />
          ))}
        </TableBody>
      </Table>
      {hasNextPage && (
        <div className="border-t border-line p-3">
          <Button onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
            Load more
          </Button>
        </div>
      )}
    </>
  );
}

function ActivityRow({ item }: { item: ActivityView }) {
  return (
    <Row>
      <Cell className="w-36 text-ink-2">
        <AbsoluteTime at={item.at} />
      </Cell>
      <RowHeader>
        <ActivitySentence item={item} />
      </RowHeader>
      <Cell wide>
        <Changes changes={changes(item.before, item.after)} />
      </Cell>
      <Cell label="Request">
        {item.requestId !== null && <CopyId value={item.requestId} short={item.requestId.slice(0, 8)} />}
      </Cell>
    </Row>
  );
}

/** Who did what to what. */
export function ActivitySentence({ item }: { item: ActivityView }) {
  const href = objectHref(item);
  return (
    <>
      <b className="font-medium">{item.actorName}</b> {item.verb}{' '}
      {isSelf(item) ? null : href === null ? item.objectName : <TextLink href={href}>{item.objectName}</TextLink>}
    </>
  );
}

function Changes({ changes: all }: { changes: readonly Change[] }) {
  if (all.length === 0) return null;
  return (
    <ul className="grid py-1 text-12">
      {all.map(({ path, before, after }) => (
        <li key={path} className="wrap-anywhere">
          {path !== '' && <span className="text-ink-3">{path} </span>}
          {before !== null && <span className="font-mono text-ink-3">{before}</span>}
          {before !== null && ' → '}
          {after === null ? <span className="text-ink-3">none</span> : <span className="font-mono">{after}</span>}
        </li>
      ))}
    </ul>
  );
}

/** Whoever joins is both who and what. */
function isSelf({ actorName, objectKind, objectName }: ActivityView): boolean {
  return objectKind === 'person' && objectName === actorName;
}

function objectHref({ objectKind, objectId, objectName }: ActivityView): string | null {
  const id = encodeURIComponent(objectId);
  switch (objectKind) {
    case 'cluster':
      // By its name in the list: a cluster that was removed since has no page of its own.
      return `/clusters?q=${encodeURIComponent(objectName)}`;
    case 'environment':
      return '/environments';
    case 'plan':
      return `/plans/${id}`;
    case 'cycle':
      return `/cycles/${id}`;
    default:
      return null;
  }
}
