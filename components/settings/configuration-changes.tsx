import { plural } from '@/components/cluster/cluster-sentence';
import { SpecChanges } from '@/components/spec/spec-changes';
import { Banner, Note } from '@/components/ui/banner';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { List, ListRow } from '@/components/ui/list';
import { Panel } from '@/components/ui/panel';
import type { InstallationChange, InstallationPreview } from '@/server/contract/installation.ts';

interface ConfigurationChangesProps {
  preview: InstallationPreview;
  /** It stands here because what was to be applied is no longer what would change. */
  isRenewed: boolean;
  onApply: () => void;
}

const GROUPS = [
  { title: 'Environments', kinds: ['create-environment', 'edit-environment'] },
  { title: 'Clusters', kinds: ['declare-cluster', 'edit-cluster'] },
  { title: 'Removed', kinds: ['remove-cluster'] },
] as const satisfies readonly { title: string; kinds: readonly InstallationChange['kind'][] }[];

/** Each change with before and after, what is held, and what is not in the file. */
export function ConfigurationChanges({ preview, isRenewed, onApply }: ConfigurationChangesProps) {
  const { problems, changes, notInFile } = preview;
  if (problems.length > 0) {
    return (
      <Banner tone="bad" announce>
        {plural(problems.length, 'thing')} in the file {problems.length === 1 ? 'is' : 'are'} wrong, so nothing can be
        compared. Correct the lines named below the text.
      </Banner>
    );
  }
  const held = changes.filter((change) => change.held !== null).length;
  return (
    <>
      {isRenewed && (
        <Banner tone="warn" announce>
          Something was changed since the preview, so nothing was applied. This is what the file would change now.
        </Banner>
      )}
      <Panel
        title="What it changes"
        note={changes.length === 0 ? undefined : plural(changes.length, 'change')}
        footer={
          changes.length > 0 && (
            <>
              <span role="status" className="min-w-0 flex-1 text-pretty">
                {held > 0 && `${held} of them cannot be made now. `}
                {notInFile.length > 0 && `${plural(notInFile.length, 'thing')} not in the file stay as they are.`}
              </span>
              <Button
                variant="primary"
                disabledReason={held === changes.length ? 'None of it can be made now.' : null}
                onClick={onApply}
              >
                Apply {plural(changes.length - held, 'change')}…
              </Button>
            </>
          )
        }
        flush={changes.length === 0}
      >
        {changes.length === 0 ? (
          <EmptyState title="Nothing changes">What the file names is stored just so already.</EmptyState>
        ) : (
          <p className="text-pretty text-ink-2">
            Applied in this order. A changed spec makes instances outdated; nothing is replaced until a plan is
            approved.
          </p>
        )}
      </Panel>
      {GROUPS.map(({ title, kinds }) => {
        const group = changes.filter(({ kind }) => kinds.some((one) => one === kind));
        if (group.length === 0) return null;
        return (
          <Panel key={title} title={title} note={plural(group.length, 'change')} flush>
            <ol aria-label={`${title}: changes`}>
              {group.map((change) => (
                <Change key={`${change.kind} ${change.name}`} change={change} />
              ))}
            </ol>
          </Panel>
        );
      })}
      {notInFile.length > 0 && (
        <Panel title="Not in the file" note={`${notInFile.length}, left as they are`} flush>
          <List label="Not in the file">
            {notInFile.map((name) => (
              <ListRow key={name}>{name}</ListRow>
            ))}
          </List>
        </Panel>
      )}
    </>
  );
}

function Change({ change: { sentence, fields, held, name } }: { change: InstallationChange }) {
  return (
    <li className="border-b border-line last:border-b-0">
      <h3 className="px-4 pt-2 pb-1 text-pretty">{sentence}</h3>
      {held !== null && <Note tone="warn">Not now: {held}.</Note>}
      <SpecChanges caption={`What changes of ${name}`} before="Now" after="In the file" changes={fields} />
    </li>
  );
}
