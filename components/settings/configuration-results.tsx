import { plural } from '@/components/cluster/cluster-sentence';
import { Badge } from '@/components/ui/badge';
import { EmptyState } from '@/components/ui/empty-state';
import type { GlyphShape } from '@/components/ui/glyph';
import { List, ListRow } from '@/components/ui/list';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import type { Tone } from '@/components/ui/tone';
import type { InstallationResult } from '@/server/contract/installation.ts';

const LOOKS = {
  done: { shape: 'tick', tone: 'ok', word: 'done' },
  held: { shape: 'pause-open', tone: 'warn', word: 'held' },
  failed: { shape: 'cross', tone: 'bad', word: 'failed' },
  'not-tried': { shape: 'ring-slash', tone: 'neutral', word: 'not tried' },
} satisfies Record<InstallationResult['outcome'], { shape: GlyphShape; tone: Tone; word: string }>;

/** What became of each change. */
export function ConfigurationResults({ results }: { results: readonly InstallationResult[] }) {
  const done = results.filter(({ outcome }) => outcome === 'done').length;
  return (
    <Panel
      title="Applied"
      note={<span role="status">{`${done} of ${plural(results.length, 'change')} done`}</span>}
      aside={<TextLink href="/activity">Activity</TextLink>}
      flush
    >
      {results.length === 0 ? (
        <EmptyState title="There was nothing to change" />
      ) : (
        <List label="What became of each change" ordered>
          {results.map(({ kind, name, sentence, outcome, held, failure }) => {
            const { shape, tone, word } = LOOKS[outcome];
            const why = failure ?? (outcome === 'held' ? held : null);
            return (
              <ListRow
                key={`${kind} ${name}`}
                aside={
                  <Badge shape={shape} tone={tone}>
                    {word}
                  </Badge>
                }
              >
                {sentence}
                {why !== null && <div className="text-12 text-ink-2">{why}.</div>}
              </ListRow>
            );
          })}
        </List>
      )}
    </Panel>
  );
}
