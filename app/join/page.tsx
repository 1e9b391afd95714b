import type { Metadata } from 'next';
import { EntryPage } from '@/components/people/entry-page';
import { Join } from '@/components/people/join';

export const metadata: Metadata = { title: 'Join', referrer: 'no-referrer' };

export default function JoinPage() {
  return (
    <EntryPage title="Make your account">
      <Join />
    </EntryPage>
  );
}
