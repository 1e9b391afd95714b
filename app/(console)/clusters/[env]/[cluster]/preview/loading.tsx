import { PlanPageSkeleton } from '@/components/plan/plan-skeleton';

export default function PreviewLoading() {
  return <PlanPageSkeleton title="Preview" />;
}
