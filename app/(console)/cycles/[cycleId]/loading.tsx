import { CycleSkeleton } from '@/components/cycle/cycle-skeleton';

export default function Loading() {
  return <CycleSkeleton />;
}
