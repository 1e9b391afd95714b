import { parseAsString } from 'nuqs/server';
import { eachKnob } from '@/components/plan/knobs';

/** The knobs in the address of a preview, which can be shared. */
export const knobParsers = eachKnob(() => parseAsString);
