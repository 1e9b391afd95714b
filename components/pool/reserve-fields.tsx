'use client';

import { keepPreviousData, skipToken, useMutation, useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { focusFirstInvalid } from '@/components/cluster/focus-first-invalid';
import { LiveStreams } from '@/components/cluster/live-streams';
import { Availability } from '@/components/pool/availability';
import { lengthPresets, type ReserveDraft, readReserveDraft, wantsOf } from '@/components/pool/reserve-draft';
import { useDebounced } from '@/components/pool/use-debounced';
import { WantRows } from '@/components/pool/want-rows';
import { useTRPC } from '@/components/trpc/client';
import { errorMessage, fieldErrors } from '@/components/trpc/error-message';
import { useLive } from '@/components/trpc/use-live';
import { Banner } from '@/components/ui/banner';
import { Button, ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Panel } from '@/components/ui/panel';
import { Segmented } from '@/components/ui/segmented';
import type { PoolRow } from '@/server/contract/pool.ts';

/** Machines of a pool for a person, for a time. */
export function ReserveFields({ pool }: { pool: string | null }) {
  const query = useTRPC().pool.list.queryOptions();
  const { data } = useSuspenseQuery(query);
  const chosen = data.rows.find((row) => row.name === pool) ?? data.rows[0];
  if (chosen === undefined) {
    return (
      <EmptyState title="There is no pool to reserve of" actions={<ButtonLink href="/pools">Go to pools</ButtonLink>}>
        Give a cluster, or single machines, the label pool=name first.
      </EmptyState>
    );
  }
  return (
    <>
      <LiveStreams cursors={data.cursors} queryKey={query.queryKey} reducer={() => 'refetch'} />
      <Wish pools={data.rows} first={chosen.name} cursor={data.cursors.pools} />
    </>
  );
}

interface WishProps {
  pools: readonly PoolRow[];
  first: string;
  /** Of the stream `pools`, as of the pools. */
  cursor: string | undefined;
}

function Wish({ pools, first, cursor }: WishProps) {
  const router = useRouter();
  const [draft, setDraft] = useState<ReserveDraft>({
    wants: [{ key: 0, pool: first, count: 1 }],
    purpose: '',
    forText: '1 h',
  });
  const [wasSubmitted, setWasSubmitted] = useState(false);
  const reserve = useMutation(
    useTRPC().reservation.reserve.mutationOptions({ onSuccess: ({ id }) => router.push(`/reservations/${id}`) }),
  );
  const change = (changed: Partial<ReserveDraft>) => {
    reserve.reset();
    setDraft({ ...draft, ...changed });
  };
  const result = readReserveDraft(draft);
  const refused = fieldErrors(reserve.error);
  const errors: Readonly<Record<string, string | undefined>> = {
    ...refused,
    ...(wasSubmitted && 'errors' in result ? result.errors : {}),
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setWasSubmitted(true);
    if ('errors' in result) focusFirstInvalid(event.currentTarget);
    else if (!reserve.isPending) reserve.mutate(result.value);
  };
  return (
    <form
      onSubmit={submit}
      noValidate
      aria-label="Reserve machines"
      className="grid grid-cols-[minmax(0,1fr)_348px] items-start gap-4 narrow:grid-cols-[minmax(0,1fr)]"
    >
      <Panel title="What and for how long">
        <div className="grid gap-4">
          <WantRows rows={draft.wants} pools={pools} invalid={errors.wants} onChange={(wants) => change({ wants })} />
          <Field label="Purpose" hint="Everybody who looks at the machines sees it." invalid={errors.purpose}>
            <Input
              value={draft.purpose}
              onChange={(event) => change({ purpose: event.target.value })}
              maxLength={500}
              autoComplete="off"
            />
          </Field>
          <Length text={draft.forText} invalid={errors.forMs} onChange={(forText) => change({ forText })} />
        </div>
      </Panel>
      <Panel title="When">
        <WishAvailability draft={draft} cursor={cursor} />
      </Panel>
      <div className="col-span-full grid gap-3">
        {reserve.error !== null && Object.keys(refused).length === 0 && (
          <Banner tone="bad" announce>
            {errorMessage(reserve.error)}
          </Banner>
        )}
        <div className="flex flex-wrap items-center gap-3 border-t border-line py-3">
          <p role="status" className="min-w-0 flex-1 text-pretty text-ink-2 phone:basis-full">
            {wasSubmitted && 'errors' in result
              ? 'Correct the marked fields.'
              : 'All machines come at once or none; what is not free now is waited for in the queue.'}
          </p>
          <ButtonLink href="/reservations">Cancel</ButtonLink>
          <Button type="submit" variant="primary" disabled={reserve.isPending}>
            {reserve.isPending ? 'Reserving' : 'Reserve'}
          </Button>
        </div>
      </div>
    </form>
  );
}

const ASK_AFTER_MS = 300;

/** What would happen to the wish as it is typed, and as the pools change meanwhile. */
function WishAvailability({ draft, cursor }: { draft: ReserveDraft; cursor: string | undefined }) {
  const wants = wantsOf(draft.wants);
  const asked = useDebounced(wants, ASK_AFTER_MS);
  const query = useTRPC().pool.availability.queryOptions(asked === null ? skipToken : { wants: asked, kind: 'manual' });
  const { data, error, isPlaceholderData } = useQuery({ ...query, placeholderData: keepPreviousData });
  useLive('pools', cursor, query.queryKey, () => 'refetch');
  if (error !== null) return <Banner tone="warn">{errorMessage(error)}</Banner>;
  const isOld = isPlaceholderData || JSON.stringify(asked) !== JSON.stringify(wants);
  return <Availability availability={wants === null ? null : data} isOld={isOld} />;
}

interface LengthProps {
  text: string;
  invalid: string | undefined;
  onChange: (text: string) => void;
}

function Length({ text, invalid, onChange }: LengthProps) {
  return (
    <div className="flex flex-wrap items-start gap-3">
      <Field label="For how long" hint="90 min, 2 h, 3 d; at most a week" invalid={invalid} className="w-60">
        <Input value={text} onChange={(event) => onChange(event.target.value)} autoComplete="off" spellCheck={false} />
      </Field>
      <div className="pt-5 phone:pt-0">
        <Segmented
          label="Usual lengths"
          options={lengthPresets.map((value) => ({ value, label: value }))}
          value={text}
          onChange={onChange}
        />
      </div>
    </div>
  );
}
