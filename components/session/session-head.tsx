'use client';

import dynamic from 'next/dynamic';
import type { Actions } from '@/components/pool/use-actions';
import { sessionLook } from '@/components/session/session-look';
import { nowSentence, workingTime } from '@/components/session/session-sentence';
import { TimedText } from '@/components/session/timed-text';
import { useClock } from '@/components/ui/clock';
import { CopyId } from '@/components/ui/copy-id';
import { formatTimer } from '@/components/ui/duration';
import { Glyph } from '@/components/ui/glyph';
import { laterPart } from '@/components/ui/later-part';
import { PageHead } from '@/components/ui/page-head';
import { AbsoluteTime, Lasted, RelativeTime } from '@/components/ui/relative-time';
import { TextLink } from '@/components/ui/text-link';
import { markOf } from '@/components/ui/tone';
import type { SessionView } from '@/server/contract/session';

const SessionActions = laterPart(
  dynamic(() => import('@/components/session/session-actions').then((module) => module.SessionActions)),
);

interface SessionHeadProps {
  session: SessionView;
  actions: Actions<SessionView>;
  onGo: (offset: number) => void;
}

/** What a session is and how it stands, in a sentence: how it ended, or what happens now and for how long. */
export function SessionHead({ session, actions, onGo }: SessionHeadProps) {
  const { shape, tone, word } = sessionLook(session);
  return (
    <>
      <p role="status" className="sr-only">
        {session.name}: {word}
      </p>
      <PageHead
        crumbs={[{ label: 'Sessions', href: '/sessions' }]}
        mark={<Glyph shape={shape} className={markOf[tone]} />}
        title={session.name}
        lead={
          <>
            <p>{session.verdict === null ? <Now session={session} /> : <Ended session={session} onGo={onGo} />}</p>
            <Facts session={session} />
          </>
        }
        actions={<SessionActions session={session} actions={actions} />}
      />
    </>
  );
}

function Now({ session }: { session: SessionView }) {
  const sentence = useClock((now) => nowSentence(session, now));
  return (
    <>
      <b>{sessionLook(session).word}.</b> {sentence}
      {session.ordered !== null &&
        ` ${session.ordered.byName} asked for it to be ${session.ordered.action === 'cancel' ? 'cancelled' : 'finished'}.`}
      {session.retryAt !== null && (
        <>
          {' '}
          Something of ours failed; it is tried again <RelativeTime at={session.retryAt} />.
        </>
      )}
    </>
  );
}

function Ended({ session, onGo }: { session: SessionView; onGo: (offset: number) => void }) {
  const { verdict, state, keepUntil } = session;
  const time = workingTime(session);
  if (verdict === null) return null;
  return (
    <>
      <b>{sessionLook(session).word}</b>
      {time !== null && (
        <>
          {' '}
          after <Lasted {...time} />
        </>
      )}
      : <TimedText text={verdict.sentence} onGo={onGo} /> <TimedText text={verdict.next} onGo={onGo} />
      {state === 'keeping' && keepUntil !== null && (
        <>
          {' '}
          Machines and components are kept until{' '}
          <b>
            <AbsoluteTime at={keepUntil} />
          </b>
          , <RelativeTime at={keepUntil} />.
        </>
      )}
      {state === 'cleaning' && ' Its machines are being cleaned.'}
    </>
  );
}

function Facts({
  session: { id, ownerName, createdAt, rerunOf, keepForMs, outcome, labels },
}: {
  session: SessionView;
}) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 text-12 text-ink-3">
      <CopyId value={id} />
      <span>
        {ownerName}, <AbsoluteTime at={createdAt} />
      </span>
      {rerunOf !== null && (
        <TextLink href={`/sessions/${rerunOf}`} className="min-h-0!">
          run again from {rerunOf}
        </TextLink>
      )}
      {keepForMs > 0 && outcome === null && <span>will be kept for {formatTimer(keepForMs)} after its end</span>}
      {Object.entries(labels).map(([key, value]) => (
        <span key={key}>
          {key}={value}
        </span>
      ))}
    </p>
  );
}
