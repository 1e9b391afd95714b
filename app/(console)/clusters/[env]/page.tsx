import { redirect } from 'next/navigation';

/** An environment has no page of its own: its clusters are the list, filtered. */
export default async function Page({ params }: { params: Promise<{ env: string }> }) {
  const { env } = await params;
  redirect(`/clusters?env=${env}`);
}
