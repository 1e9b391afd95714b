import { PoolSkeleton } from '@/components/pool/pool-skeleton';

export default function Loading() {
  return <PoolSkeleton />;
}
