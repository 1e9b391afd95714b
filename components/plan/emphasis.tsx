import { Fragment } from 'react';
import { emphasised } from '@/components/plan/emphasised';

/** A plan's sentence with the numbers that decide set in bold. */
export function Emphasis({ sentence }: { sentence: string }) {
  return emphasised(sentence).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place in the sentence
    <Fragment key={index}>{part.bold ? <b>{part.text}</b> : part.text}</Fragment>
  ));
}
