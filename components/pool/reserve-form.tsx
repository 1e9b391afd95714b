'use client';

import dynamic from 'next/dynamic';
import { alive } from '@/components/ui/alive';

/** The form comes with the rules of what is typed, which the page need not wait for. */
export const ReserveForm = dynamic(() =>
  import('@/components/pool/reserve-fields').then((module) => alive(module.ReserveFields)),
);
