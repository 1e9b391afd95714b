import { PlanPageSkeleton } from '@/components/plan/plan-skeleton';

export default function CompareLoading() {
  return <PlanPageSkeleton title="Compare plans" />;
}
