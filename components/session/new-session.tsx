'use client';

import dynamic from 'next/dynamic';
import { laterPart } from '@/components/ui/later-part';

/** The form comes with the rules of what is typed, which the page need not wait for. */
export const NewSession = laterPart(
  dynamic(() => import('@/components/session/new-session-form').then((module) => module.NewSessionForm)),
);
