'use client';

import { clsx } from 'clsx';
import { type ReactNode, useRef } from 'react';
import { Panel } from '@/components/ui/panel';
import { TextButton } from '@/components/ui/text-link';
import type { ReadSpecView } from '@/server/contract/session';

interface SpecYamlProps {
  title?: string;
  /** Names the text for those who do not see its title. */
  label?: string;
  /** At the right of the header. */
  aside?: ReactNode;
  text: string;
  problems: ReadSpecView['problems'];
  onChange: (text: string) => void;
}

const LEAST_LINES = 24;

/** A spec or a file as a text with numbered lines; what is wrong is marked at its line and listed below. */
export function SpecYaml({ title = 'Spec', label = 'Spec as YAML', aside, text, problems, onChange }: SpecYamlProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const lines = Math.max(LEAST_LINES, text.split('\n').length + 1);
  const wrong = new Set(problems.map(({ line }) => line));
  const goTo = (line: number) => {
    const before = text.split('\n').slice(0, line - 1);
    const start = before.reduce((sum, one) => sum + one.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (text.split('\n')[line - 1]?.length ?? 0));
  };
  return (
    <Panel title={title} note="YAML or JSON" aside={aside} flush>
      <div className="flex overflow-x-auto py-2 font-mono text-12 leading-5">
        <ol aria-hidden="true" className="flex-none px-2 text-right text-ink-3 select-none">
          {Array.from({ length: lines }, (_, index) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
              key={index}
              className={clsx('min-w-6 px-1', wrong.has(index + 1) && 'bg-bad-soft font-medium text-bad')}
            >
              {index + 1}
            </li>
          ))}
        </ol>
        <textarea
          ref={area}
          aria-label={label}
          aria-invalid={problems.length > 0 || undefined}
          aria-describedby="spec-problems"
          value={text}
          onChange={(event) => onChange(event.target.value)}
          rows={lines}
          wrap="off"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          className="min-w-0 flex-1 resize-none overflow-y-hidden bg-transparent px-2 outline-none focus-visible:shadow-[inset_2px_0_0_var(--accent)]"
        />
      </div>
      <div id="spec-problems" role="status">
        {problems.length > 0 && (
          <ul aria-label="What is wrong" className="border-t border-line">
            {problems.map(({ path, line, message }) => (
              <li
                key={`${path} ${line} ${message}`}
                className="flex items-start gap-3 border-b border-line px-4 py-1.25 last:border-b-0"
              >
                {line === null ? (
                  <span className="w-16 flex-none text-ink-3">–</span>
                ) : (
                  <TextButton className="min-h-5! w-16 flex-none" onClick={() => goTo(line)}>
                    line {line}
                  </TextButton>
                )}
                <span className="min-w-0 flex-1 wrap-anywhere">
                  {path !== '' && <b className="font-medium">{path}: </b>}
                  <span className="text-bad">{message}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Panel>
  );
}
