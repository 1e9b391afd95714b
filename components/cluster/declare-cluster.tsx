'use client';

import dynamic from 'next/dynamic';
import { laterPart } from '@/components/ui/later-part';

/** The form comes with the rules of what is typed, which the page need not wait for. */
export const DeclareCluster = laterPart(
  dynamic(() => import('@/components/cluster/declare-cluster-form').then((module) => module.DeclareClusterForm)),
);
