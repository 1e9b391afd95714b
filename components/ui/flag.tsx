import { clsx } from 'clsx';
import { type Tone, textOf } from '@/components/ui/tone';

interface FlagProps {
  /** One letter or sign, always the same for the same word. */
  letter: string;
  word: string;
  tone?: Tone;
  /** Only the letter is seen; the word is still read out and shown on hover. */
  brief?: boolean;
}

/** A letter in a box: a fact that holds beside the state. */
export function Flag({ letter, word, tone = 'neutral', brief = false }: FlagProps) {
  return (
    <span
      className={clsx('inline-flex items-center gap-1.25 text-12 whitespace-nowrap', textOf[tone])}
      title={brief ? word : undefined}
    >
      <span
        aria-hidden="true"
        className="grid size-4 flex-none place-items-center rounded-[3px] border border-current text-11 leading-none font-medium"
      >
        {letter}
      </span>
      <span className={clsx(brief && 'sr-only')}>{word}</span>
    </span>
  );
}
