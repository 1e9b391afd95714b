'use client';

import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { followLog } from '@/components/log/follow-log';
import { linesOnPage, PAGE_LINES, pagesOf, withNews } from '@/components/log/log-window';
import { useTRPC, useTRPCClient } from '@/components/trpc/client';
import type { LogLineView, LogNews, LogRangeView, LogSearchView } from '@/server/contract/session';
import { LOG_LEVELS, type LogLevel } from '@/server/domain/session/log-level.ts';

/** Lines that were read stay so; a page out of sight is let go after a while. */
const KEPT_MS = 60_000;
const MATCHES_A_PAGE = 1_000;

/** What is looked for: part of a text, lines of at least a level, or both. */
export interface LogSearch {
  readonly text: string;
  readonly level: LogLevel | null;
}

export interface LogTail {
  /** How many lines there are. */
  readonly total: number;
  /** No more will come. */
  readonly isOver: boolean;
}

/**
 * How long the log is, as it grows. What comes is put into the pages that were read, and into these searches. `known` is
 * its length as it was last seen; one component follows one log.
 */
export function useLogTail(executionId: string, known: number, searches: readonly LogSearch[]): LogTail {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [from] = useState(known);
  const [tail, setTail] = useState<LogTail>({ total: known, isOver: false });

  const received = (news: readonly LogLineView[]) => {
    const pages = new Set(news.map(({ line }) => Math.floor(line / PAGE_LINES)));
    for (const page of pages) {
      const { queryKey } = trpc.execution.logs.queryOptions(pageInput(executionId, page));
      queryClient.setQueryData<LogRangeView, readonly unknown[]>(
        queryKey,
        (range) => range && grown(range, page, news),
      );
    }
    for (const search of searches) {
      queryClient.setQueryData<Found>(searchKey(executionId, search), (data) => data && matched(data, search, news));
    }
  };
  const onNews = useEffectEvent(({ lines, over }: LogNews) => {
    received(lines);
    const last = lines.at(-1);
    setTail((before) => ({ total: Math.max(before.total, last === undefined ? 0 : last.line + 1), isOver: over }));
  });
  useEffect(() => {
    if (tail.isOver) return;
    return followLog(executionId, from, (news) => onNews(news));
  }, [executionId, from, tail.isOver]);
  return tail;
}

/** The lines from number `first` up to and with `last`, by number; those that are on their way are null. */
export function useLogLines(executionId: string, first: number, last: number, total: number) {
  const trpc = useTRPC();
  const pages = pagesOf(first, last, total);
  const queries = useQueries({
    queries: pages.map((page) =>
      trpc.execution.logs.queryOptions(pageInput(executionId, page), {
        staleTime: Number.POSITIVE_INFINITY,
        gcTime: KEPT_MS,
      }),
    ),
  });
  // Lines that came while a page was on its way are not on it: it is read again.
  useEffect(() => {
    queries.forEach(({ data, isFetching, refetch }, index) => {
      const page = pages[index];
      if (page === undefined || data === undefined || isFetching || data.total >= total) return;
      if (data.lines.length < linesOnPage(page, total)) void refetch();
    });
  });
  return {
    lineAt: (line: number): LogLineView | null => {
      const page = Math.floor(line / PAGE_LINES);
      return queries[pages.indexOf(page)]?.data?.lines[line - page * PAGE_LINES] ?? null;
    },
    error: queries.find(({ error }) => error !== null)?.error ?? null,
    retry: () => {
      for (const { error, refetch } of queries) if (error !== null) void refetch();
    },
  };
}

/** The lines that match, in order, as far as they were read; nothing is searched for while `search` is null. */
export function useLogMatches(executionId: string, search: LogSearch | null) {
  const client = useTRPCClient();
  const query = useInfiniteQuery({
    queryKey: searchKey(executionId, search),
    enabled: search !== null,
    queryFn: ({ pageParam, signal }) =>
      client.execution.searchLog.query(
        {
          executionId,
          text: search?.text ?? '',
          ...(search !== null && search.level !== null && { level: search.level }),
          from: pageParam,
          limit: MATCHES_A_PAGE,
        },
        { signal },
      ),
    initialPageParam: 0,
    getNextPageParam: (page: LogSearchView) => page.next,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
  });
  const { data, hasNextPage, fetchNextPage, isFetching, error, refetch } = query;
  return {
    lines: search === null ? [] : (data?.pages.flatMap((page) => page.lines) ?? []),
    hasMore: search !== null && hasNextPage,
    readMore: () => void (!isFetching && fetchNextPage()),
    isReading: search !== null && isFetching,
    error,
    retry: () => void refetch(),
  };
}

/** The line that was written at a time, or the next one; null where there is none, or no time is asked for. */
export function useLineAt(executionId: string, at: number | null): number | null {
  const trpc = useTRPC();
  const { data } = useQuery({
    ...trpc.execution.logLineAt.queryOptions({ executionId, at: at ?? 0 }),
    enabled: at !== null,
    staleTime: KEPT_MS,
    placeholderData: keepPreviousData,
  });
  return at === null ? null : (data ?? null);
}

type Found = InfiniteData<LogSearchView, number>;

function searchKey(executionId: string, search: LogSearch | null) {
  return ['log-search', executionId, search?.text ?? '', search?.level ?? null];
}

function pageInput(executionId: string, page: number) {
  return { executionId, from: page * PAGE_LINES, limit: PAGE_LINES };
}

function grown(range: LogRangeView, page: number, news: readonly LogLineView[]): LogRangeView {
  const lines = withNews(page, range.lines, news);
  if (lines === range.lines) return range;
  return { ...range, lines, total: Math.max(range.total, page * PAGE_LINES + lines.length) };
}

/** Lines that come are added once all before them were searched. */
function matched(data: Found, search: LogSearch, news: readonly LogLineView[]) {
  const last = data.pages.at(-1);
  if (last === undefined || last.next !== null) return data;
  const known = last.lines.at(-1)?.line ?? -1;
  const added = news.filter((line) => line.line > known && isMatch(line, search));
  if (added.length === 0) return data;
  return { ...data, pages: [...data.pages.slice(0, -1), { ...last, lines: [...last.lines, ...added] }] };
}

function isMatch({ text, level }: LogLineView, search: LogSearch): boolean {
  const isSerious = search.level === null || LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(search.level);
  return isSerious && text.toLowerCase().includes(search.text.toLowerCase());
}
