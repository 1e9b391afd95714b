'use client';

import { inWorkSentence } from '@/components/cycle/abort-outcome';
import { CycleEnding } from '@/components/cycle/cycle-ending';
import { cycleLook } from '@/components/cycle/cycle-look';
import { placeSentence } from '@/components/cycle/place-sentence';
import { RelativeTime } from '@/components/ui/relative-time';
import type { CycleView } from '@/server/contract/cycle';

/** The state in words, what happens now, what is next and when. */
export function CycleLead({ cycle }: { cycle: CycleView }) {
  const { state, progress, abortMode, summary, endedAt } = cycle;
  const sentence = summary?.sentence ?? `${cycleLook[state].word}: no count of what remains was made.`;
  const ends = sentence.indexOf(':') + 1;
  const word = <b>{cycleLook[state].word}.</b>;
  switch (state) {
    case 'approved':
      return (
        <>
          {word} {placeSentence(cycle)} It checks that the plan still holds before it begins.
        </>
      );
    case 'running':
      return (
        <>
          {word} {progress === null ? 'The first facts are being read.' : `${progress.sentence} ${progress.next}`}{' '}
          <CycleEnding cycle={cycle} />
        </>
      );
    case 'pausing':
      return (
        <>
          {word} Nothing new begins; what is in work ends first. {progress?.sentence}
        </>
      );
    case 'paused':
      return (
        <>
          {word} {inWorkSentence(cycle)} It goes on when somebody resumes it.
        </>
      );
    case 'aborting':
      return (
        <>
          {word}{' '}
          {abortMode === 'finish-in-flight'
            ? 'Nothing new begins; what is in work ends first.'
            : 'No further call is sent.'}{' '}
          {progress?.sentence}
        </>
      );
    default:
      return (
        <>
          <b>{sentence.slice(0, ends)}</b>
          {sentence.slice(ends)}{' '}
          {endedAt !== null && (
            <>
              Ended <RelativeTime at={endedAt} />.
            </>
          )}
          {summary !== null && summary.notOurs > 0 && (
            <> {summary.notOurs} were not part of this cycle and were left alone.</>
          )}
        </>
      );
  }
}
