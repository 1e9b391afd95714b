import { ClusterSkeleton } from '@/components/cluster/cluster-skeleton';

export default function Loading() {
  return <ClusterSkeleton />;
}
