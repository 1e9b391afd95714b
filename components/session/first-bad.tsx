'use client';

import { formatBrief } from '@/components/session/session-time';
import { Banner } from '@/components/ui/banner';
import { TextButton } from '@/components/ui/text-link';

interface FirstBadProps {
  /** Milliseconds since the session was submitted. */
  at: number;
  text: string;
  isBad: boolean;
  onGo: () => void;
}

/** What went wrong first, and the way there. */
export function FirstBad({ at, text, isBad, onGo }: FirstBadProps) {
  return (
    <Banner tone={isBad ? 'bad' : 'warn'} actions={<TextButton onClick={onGo}>Go there</TextButton>}>
      <b className="font-medium">First bad event</b>&ensp;{formatBrief(at)} {text}
    </Banner>
  );
}
