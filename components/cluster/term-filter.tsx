'use client';

import { clsx } from 'clsx';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { type Completion, completed, completionsAt, type KnownValues } from '@/components/cluster/filter-completion';
import { useDraft } from '@/components/cluster/use-draft';
import { Glyph } from '@/components/ui/glyph';
import { type FilterProblem, type FilterSubject, parseFilter } from '@/server/domain/cluster/filter.ts';

interface TermFilterProps {
  label: string;
  /** Examples of what can be typed. */
  placeholder: string;
  subject: FilterSubject;
  value: string;
  onChange: (value: string) => void;
  /** Values that can be chosen beside those of the syntax, by key. */
  known: KnownValues;
}

/**
 * A filter of terms that takes effect when the typing pauses, or at once by Enter; it offers what can come at the caret
 * and says what it cannot read. Escape closes the list of what is offered, and then clears the filter.
 */
export function TermFilter({ label, placeholder, subject, value, onChange, known }: TermFilterProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  /** Where a completion has put the caret, until the field has its text. */
  const placed = useRef<number | null>(null);
  const { text, type, commit } = useDraft(value, onChange);
  /** Where the list of completions belongs; null while it is closed. */
  const [caret, setCaret] = useState<number | null>(null);
  const [active, setActive] = useState(-1);
  const offered = caret === null ? [] : completionsAt(text, caret, subject, known);
  const isOpen = offered.length > 0;
  const problems = parseFilter(text, subject).problems.filter(
    // What is being typed is not wrong yet.
    ({ from, to }) => caret === null || caret < from || to < caret,
  );

  // As soon as the field has the text, and before the next key: the caret stands where the next part begins.
  useLayoutEffect(() => {
    if (placed.current === null) return;
    field.current?.setSelectionRange(placed.current, placed.current);
    placed.current = null;
  });

  const close = () => {
    setCaret(null);
    setActive(-1);
  };
  const follow = () => {
    setCaret(field.current?.selectionStart ?? null);
    setActive(-1);
  };
  const choose = (completion: Completion) => {
    const next = completed(text, completion);
    placed.current = next.caret;
    type(next.text);
    setCaret(next.caret);
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (!isOpen) return follow();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive(active === -1 && step === -1 ? offered.length - 1 : (active + step + offered.length) % offered.length);
    }
    if (event.key === 'Enter') {
      const chosen = offered[active];
      event.preventDefault();
      if (chosen !== undefined) return choose(chosen);
      close();
      commit(text);
    }
    if (event.key === 'Escape' && (isOpen || text !== '')) {
      event.stopPropagation();
      if (isOpen) return close();
      commit('');
    }
  };

  return (
    <search className="relative min-w-0 flex-1 phone:basis-full">
      <div
        className={clsx(
          'flex h-8 items-center gap-2 rounded-control border bg-panel pr-1 pl-2 focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent phone:h-9',
          problems.length > 0 ? 'border-bad' : 'border-control',
        )}
      >
        <Glyph shape="search" className="text-ink-3" />
        <input
          ref={field}
          role="combobox"
          aria-label={label}
          aria-expanded={isOpen}
          aria-controls={`${id}list`}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && active >= 0 ? `${id}${active}` : undefined}
          aria-invalid={problems.length > 0 || undefined}
          aria-describedby={problems.length > 0 ? `${id}problems` : undefined}
          placeholder={placeholder}
          value={text}
          onChange={(event) => {
            type(event.target.value);
            follow();
          }}
          onClick={follow}
          onKeyUp={(event) => {
            if (['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) follow();
          }}
          onKeyDown={onKeyDown}
          onBlur={close}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          className="h-full w-full min-w-0 flex-1 truncate bg-transparent outline-none placeholder:text-ink-3"
        />
        {text !== '' && (
          <button
            type="button"
            aria-label="Clear the filter"
            onClick={() => {
              close();
              commit('');
            }}
            className="grid size-6 flex-none place-items-center rounded-control text-ink-3 hover:bg-hover hover:text-ink"
          >
            <Glyph shape="close" />
          </button>
        )}
      </div>
      <div
        id={`${id}list`}
        role="listbox"
        aria-label={`What ${label.toLowerCase()} can go on with`}
        hidden={!isOpen}
        className="absolute inset-x-0 top-full z-30 mt-1 max-h-80 max-w-120 overflow-y-auto rounded-panel border border-line bg-panel py-1 shadow-float"
      >
        {offered.map((completion, index) => (
          <CompletionOption
            key={completion.text}
            id={`${id}${index}`}
            completion={completion}
            isActive={index === active}
            onChoose={() => choose(completion)}
          />
        ))}
      </div>
      <Problems id={`${id}problems`} problems={problems} />
    </search>
  );
}

interface CompletionOptionProps {
  id: string;
  completion: Completion;
  isActive: boolean;
  onChoose: () => void;
}

function CompletionOption({ id, completion, isActive, onChoose }: CompletionOptionProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) box.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the active option
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field answers to the keys
    <div
      ref={box}
      id={id}
      role="option"
      aria-selected={isActive}
      // Before the field loses the focus.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      className={clsx(
        'flex min-h-7 cursor-default items-center gap-3 px-3 phone:min-h-9',
        isActive ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      <span className="w-28 flex-none truncate font-mono text-12">{completion.text}</span>
      <span className="truncate text-12 text-ink-2">{completion.means}</span>
    </div>
  );
}

/** What cannot be read, and what would be possible there; the rest of the filter holds. */
function Problems({ id, problems }: { id: string; problems: readonly FilterProblem[] }) {
  return (
    <div id={id} role="status" className="text-12 text-bad">
      {problems.map(({ from, text, message }) => (
        <p key={from} className="pt-1">
          <code className="rounded-[3px] bg-sunken px-1 font-mono">{text}</code> at character {from + 1} does not count:{' '}
          {message}.
        </p>
      ))}
    </div>
  );
}
