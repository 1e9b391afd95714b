'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { clsx } from 'clsx';
import { type KeyboardEvent, useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { LogRow } from '@/components/log/log-row';
import { LogSearchField } from '@/components/log/log-search-field';
import { indexAtOrAfter } from '@/components/log/log-window';
import { type LogSearch, useLineAt, useLogLines, useLogMatches, useLogTail } from '@/components/log/use-log';
import { formatExact } from '@/components/session/session-time';
import { errorMessage } from '@/components/trpc/error-message';
import { Banner } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy-id';
import { ProgressLine } from '@/components/ui/progress-line';
import { Segmented } from '@/components/ui/segmented';
import { TextButton } from '@/components/ui/text-link';
import type { LogLineView } from '@/server/contract/session';

const ROW_HEIGHT = 20;
/** So near to the end counts as the end. */
const END_PX = 24;

const levels = [
  { value: 'all', label: 'All' },
  { value: 'warn', label: 'Warn +' },
  { value: 'error', label: 'Error' },
] as const;
type LevelFilter = (typeof levels)[number]['value'];

interface LogViewerProps {
  executionId: string;
  /** How long the log was when it was last seen. */
  known: number;
  /** Epoch milliseconds; times are counted from here. */
  origin: number;
  /** The moment that all pictures of the page point to; null = none. */
  cursor: number | null;
  /** The number of a line that is pointed to, from 1; null = the one at the cursor. */
  line: number | null;
  /** Points to a line and its moment; null = to none. */
  onChoose: (line: LogLineView | null) => void;
  /** To a line, counted from 1, and its moment where that is known; from anywhere. */
  hrefOf: (line: number, at: number | null) => string;
}

/** A log that is read by ranges, followed while it grows, searched on the server, and points to the shared moment. */
export function LogViewer({ executionId, known, origin, cursor, line, onChoose, hrefOf }: LogViewerProps) {
  const [level, setLevel] = useState<LevelFilter>('all');
  const [wrap, setWrap] = useState(false);
  const [text, setText] = useState('');
  const [follow, setFollow] = useState(cursor === null && line === null);
  const filter: LogSearch | null = level === 'all' ? null : { text: '', level };
  const search: LogSearch | null = text === '' ? null : { text, level: filter?.level ?? null };
  const { total, isOver } = useLogTail(
    executionId,
    known,
    [filter, search].filter((one) => one !== null),
  );
  const filtered = useLogMatches(executionId, filter);
  const found = useLogMatches(executionId, search);

  const scroller = useRef<HTMLDivElement>(null);
  const count = filter === null ? total : filtered.lines.length;
  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 20,
  });
  const rows = virtualizer.getVirtualItems();
  const [first, last] = [rows[0]?.index ?? 0, rows.at(-1)?.index ?? 0];
  const read = useLogLines(executionId, first, last, filter === null ? total : 0);
  const lineOf = (index: number) => (filter === null ? read.lineAt(index) : (filtered.lines[index] ?? null));
  const indexOf = (wanted: number) => (filter === null ? wanted : indexAtOrAfter(filtered.lines, wanted));

  const atCursor = useLineAt(executionId, line === null ? cursor : null);
  const pointed = line === null ? atCursor : line - 1;

  // Where one left the end, so that what came since can be counted.
  const [leftAt, setLeftAt] = useState(total);
  const stopFollowing = () => {
    if (follow) setLeftAt(count);
    setFollow(false);
  };
  const isOurs = useRef(false);
  const before = useRef(0);
  const goTo = (index: number, align: 'center' | 'end') => {
    isOurs.current = true;
    virtualizer.scrollToIndex(index, { align });
  };
  const onScroll = () => {
    const box = scroller.current;
    if (box === null) return;
    const wentUp = box.scrollTop < before.current - 1;
    before.current = box.scrollTop;
    if (isOurs.current) {
      isOurs.current = false;
      return;
    }
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < END_PX;
    if (wentUp && !isAtEnd) stopFollowing();
    else if (isAtEnd) setFollow(true);
    if (isAtEnd && filtered.hasMore) filtered.readMore();
  };

  useLayoutEffect(() => {
    if (follow && count > 0) {
      isOurs.current = true;
      virtualizer.scrollToIndex(count - 1, { align: 'end' });
    }
  }, [follow, count, virtualizer]);

  // Lines of another height are measured anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is measured depends on both
  useEffect(() => virtualizer.measure(), [virtualizer, wrap, level]);

  const showPointed = useEffectEvent((wanted: number) => {
    const index = indexOf(wanted);
    const shown = virtualizer.range;
    const isSeen = shown !== null && index >= shown.startIndex && index < shown.endIndex;
    stopFollowing();
    if (index >= 0 && !isSeen) goTo(index, 'center');
  });
  useEffect(() => {
    if (pointed !== null) showPointed(pointed);
  }, [pointed]);

  const choose = (index: number) => {
    const chosen = lineOf(index);
    if (chosen !== null) onChoose(chosen);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const nearest = (follow ? count : virtualizer.range?.startIndex) ?? 0;
    const present = pointed === null ? nearest : indexOf(pointed);
    if (event.key === 'j' || event.key === 'k') {
      // The shell, which moves the focus by these keys, leaves them to the log.
      event.preventDefault();
      if (event.key === 'k') choose(Math.max(0, present - 1));
      else choose(Math.min(count - 1, pointed === null ? present : present + 1));
    }
    if (event.key === 'Escape') onChoose(null);
  };
  const toEnd = () => {
    onChoose(null);
    setFollow(true);
  };

  const fresh = follow ? 0 : Math.max(0, count - leftAt);
  const error = read.error ?? filtered.error;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-1.5">
        <Segmented label="Least level" options={levels} value={level} onChange={setLevel} />
        <LogSearchField
          value={text}
          onChange={setText}
          found={found}
          pointed={pointed}
          onGo={(match) => onChoose(match)}
        />
        <TextButton aria-pressed={wrap} onClick={() => setWrap(!wrap)} className="ml-auto text-12">
          {wrap ? 'Do not wrap' : 'Wrap'}
        </TextButton>
      </div>
      <ProgressLine active={filtered.isReading || found.isReading} />
      {error !== null && (
        <div className="p-2">
          <Banner
            tone="bad"
            announce
            actions={<Button onClick={filter === null ? read.retry : filtered.retry}>Try again</Button>}
          >
            <b className="font-medium">The log could not be read.</b> {errorMessage(error)}
          </Banner>
        </div>
      )}
      <div className="relative">
        <div
          ref={scroller}
          role="log"
          aria-label="Lines of the log; j and k move the line that is pointed to"
          aria-live="off"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
          tabIndex={0}
          onScroll={onScroll}
          onKeyDown={onKeyDown}
          className="h-136 overflow-auto overscroll-contain font-mono text-12 focus-visible:-outline-offset-2 phone:h-[60vh]"
        >
          {count === 0 ? (
            <p className="px-4 py-3 font-sans text-13 text-ink-2">
              {whyEmpty(level, total, isOver, filtered.isReading)}
            </p>
          ) : (
            <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
              {rows.map((row) => {
                const content = lineOf(row.index);
                return (
                  <LogRow
                    key={row.key}
                    ref={wrap ? virtualizer.measureElement : undefined}
                    index={row.index}
                    top={row.start}
                    line={content}
                    origin={origin}
                    wrap={wrap}
                    search={text}
                    pointed={content !== null && content.line === pointed}
                    href={content === null ? '' : hrefOf(content.line + 1, content.at)}
                    onChoose={onChoose}
                  />
                );
              })}
            </div>
          )}
        </div>
        {fresh > 0 && (
          <div className="pointer-events-none absolute inset-x-0 bottom-2 grid justify-items-center">
            <Button variant="primary" size="small" className="pointer-events-auto rounded-full!" onClick={toEnd}>
              {fresh === 1 ? '1 new line' : `${fresh.toLocaleString('en-GB')} new lines`}
            </Button>
          </div>
        )}
      </div>
      <footer className="flex min-h-9 flex-wrap items-center gap-x-3 border-t border-line px-4 py-1 text-12 text-ink-3">
        <span>
          {total.toLocaleString('en-GB')} {total === 1 ? 'line' : 'lines'}
          {filter !== null && `, ${count.toLocaleString('en-GB')}${filtered.hasMore ? ' or more' : ''} shown`}
        </span>
        <span role="status">{followingInWords(follow, isOver, cursor === null ? null : cursor - origin)}</span>
        <span className={clsx('ml-auto flex items-center gap-3', follow && 'invisible')}>
          <TextButton onClick={toEnd}>Go to the end</TextButton>
        </span>
        {pointed !== null && (
          <CopyLink href={hrefOf(pointed + 1, lineOf(indexOf(pointed))?.at ?? null)} line={pointed + 1} />
        )}
      </footer>
    </>
  );
}

function whyEmpty(level: LevelFilter, total: number, isOver: boolean, isReading: boolean): string {
  if (isReading) return 'Searching the log.';
  if (level !== 'all' && total > 0)
    return `None of its lines is of level ${level}${level === 'warn' ? ' or above' : ''}.`;
  return isOver ? 'It wrote nothing.' : 'It has written nothing yet; what it writes is shown here at once.';
}

function followingInWords(follow: boolean, isOver: boolean, at: number | null): string {
  if (isOver) return 'The log is complete';
  if (follow) return 'Following';
  return at === null ? 'Not following: scrolled up' : `Not following: cursor at ${formatExact(at)}`;
}

function CopyLink({ href, line }: { href: string; line: number }) {
  const [address, setAddress] = useState('');
  // The address of this server is known only in the browser.
  useEffect(() => setAddress(new URL(href, window.location.href).toString()), [href]);
  return <CopyId value={address} short={`Link to line ${line.toLocaleString('en-GB')}`} />;
}
