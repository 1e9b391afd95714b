'use client';

import dynamic from 'next/dynamic';
import { alive } from '@/components/ui/alive';

/** The form comes with the rules of what is typed, which the page need not wait for. */
export const NewSession = dynamic(() =>
  import('@/components/session/new-session-form').then((module) => alive(module.NewSessionForm)),
);
