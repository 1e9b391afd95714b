import { PlanPageSkeleton } from '@/components/plan/plan-skeleton';

export default function PlanLoading() {
  return <PlanPageSkeleton title="Plan" />;
}
