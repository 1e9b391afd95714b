'use client';

import { useState } from 'react';
import type { WarningKind } from '@/components/plan/fleet-summary';
import { Note } from '@/components/ui/banner';
import { Checkbox } from '@/components/ui/checkbox';
import { Glyph } from '@/components/ui/glyph';
import { Panel } from '@/components/ui/panel';
import { TextButton } from '@/components/ui/text-link';
import type { FleetPreviewRow } from '@/server/contract/fleet-plan';

type Check = FleetPreviewRow['checks'][number];

interface FleetWarningsProps {
  kinds: readonly WarningKind[];
  isTicked: (row: FleetPreviewRow, check: Check) => boolean;
  onTick: (row: FleetPreviewRow, check: Check, ticked: boolean) => void;
}

/** Each kind of warning once, with what it says of each cluster: one tick is for all that were read. */
export function FleetWarnings({ kinds, isTicked, onTick }: FleetWarningsProps) {
  return (
    <Panel title="Before they can start" note={kindCount(kinds.length)} aside="changes nothing, holds no lock" flush>
      {kinds.length === 0 ? (
        <p className="flex items-center gap-3 px-4 py-2">
          <Glyph shape="tick" className="text-mark-started" />
          Nothing has to be ticked.
        </p>
      ) : (
        kinds.map(({ id, clusters }) => (
          <Note key={id} tone="warn">
            <Checkbox
              checked={clusters.every(({ row, check }) => isTicked(row, check))}
              onChange={(event) => {
                for (const { row, check } of clusters) onTick(row, check, event.target.checked);
              }}
            >
              <span>
                <b className="font-medium">{kindWords[id] ?? id}</b>, {clusters.length}{' '}
                {clusters.length === 1 ? 'cluster' : 'clusters'}
              </span>
            </Checkbox>
            <Sentences clusters={clusters} />
          </Note>
        ))
      )}
    </Panel>
  );
}

/** What a kind of warning is called; one that is not here is called by its id. */
const kindWords: Readonly<Record<string, string>> = {
  'min-below-cluster': 'Min below the cluster’s own',
  'slow-drain': 'Drains may take longer than they may',
  'below-floor': 'Below the floor at the start',
  unhealthy: 'Unhealthy already',
  protected: 'Protected, will stay as they are',
  held: 'Held by somebody',
  'forced-drain': 'Work ended by force',
};

const SHOWN = 3;

function Sentences({ clusters }: { clusters: WarningKind['clusters'] }) {
  const [all, setAll] = useState(false);
  return (
    <>
      <ul className="ml-6 grid gap-0.5 text-12 text-ink-2">
        {(all ? clusters : clusters.slice(0, SHOWN)).map(({ row, check }) => (
          <li key={row.clusterId} className="text-pretty">
            <span className="text-ink">{row.clusterName}</span>: {check.sentence}
          </li>
        ))}
      </ul>
      {clusters.length > SHOWN && (
        <TextButton aria-expanded={all} onClick={() => setAll(!all)} className="ml-6 text-12">
          {all ? 'Show fewer' : `Show all ${clusters.length}`}
        </TextButton>
      )}
    </>
  );
}

function kindCount(count: number): string {
  return count === 1 ? '1 kind of warning' : `${count} kinds of warnings`;
}
