import { type TaskWords, taskWords } from '@/components/plan/task-words';
import { versionOf } from '@/components/plan/version-of';
import { List, ListRow } from '@/components/ui/list';
import { Panel } from '@/components/ui/panel';
import type { PlanBody } from '@/server/domain/approval/plan';

/** The tasks of the first step, in the planner's order, each with its reason. */
export function NextTasks({ body, title }: { body: PlanBody; title: string }) {
  const { tasks, binding } = body.explanation;
  const version = versionOf(body, body.cluster.config);
  return (
    <Panel title={title} flush aside={<span>the runner’s first step, in order</span>}>
      {tasks.length === 0 ? (
        <p className="px-4 py-3 text-ink-2">Nothing.</p>
      ) : (
        <List label={title} ordered>
          {tasks.map(({ task, because }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a task is its place in the list
            <ListRow key={index} aside={because}>
              <TaskText words={taskWords(task, version)} />
            </ListRow>
          ))}
        </List>
      )}
      {binding !== null && (
        <p className="border-t border-line px-4 py-2 text-12 leading-5 text-ink-2">
          No more at once: <b className="font-medium text-ink">{binding}</b>
        </p>
      )}
    </Panel>
  );
}

export function TaskText({ words: { verb, ids, others, after } }: { words: TaskWords }) {
  return (
    <>
      {verb}{' '}
      {ids.map((id, index) => (
        <span key={id}>
          {index > 0 && (others === 0 && index === ids.length - 1 ? ' and ' : ', ')}
          <span className="font-mono text-12 tracking-tight whitespace-nowrap">{id}</span>
        </span>
      ))}
      {others > 0 && ` and ${others} others`} {after}
    </>
  );
}
