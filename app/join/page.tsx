import type { Metadata } from 'next';
import { EntryPage } from '@/components/people/entry-page';
import { Join } from '@/components/people/join';
import { Alive } from '@/components/ui/alive';

export const metadata: Metadata = { title: 'Join', referrer: 'no-referrer' };

export default function JoinPage() {
  return (
    <EntryPage title="Make your account">
      <Alive>
        <Join />
      </Alive>
    </EntryPage>
  );
}
