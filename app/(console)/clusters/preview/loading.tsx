import { PlanPageSkeleton } from '@/components/plan/plan-skeleton';

export default function FleetPreviewLoading() {
  return <PlanPageSkeleton title="Fleet preview" />;
}
