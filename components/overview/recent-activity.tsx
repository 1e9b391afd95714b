import { ActivitySentence } from '@/components/activity/activity-list';
import { EmptyState } from '@/components/ui/empty-state';
import { List } from '@/components/ui/list';
import { Panel } from '@/components/ui/panel';
import { AbsoluteTime } from '@/components/ui/relative-time';
import { TextLink } from '@/components/ui/text-link';
import type { ActivityView } from '@/server/contract/activity';

/** What was done last. */
export function RecentActivity({ activity }: { activity: readonly ActivityView[] }) {
  return (
    <Panel title="Recent activity" aside={<TextLink href="/activity">All activity</TextLink>} flush>
      {activity.length === 0 ? (
        <EmptyState title="Nothing was done here yet">What people and the worker do is listed here.</EmptyState>
      ) : (
        <List label="Recent activity, the newest first">
          {activity.map((item) => (
            <li
              key={item.id}
              className="grid min-h-8 grid-cols-[6.5rem_minmax(0,1fr)] items-center gap-3 border-b border-line px-4 py-1 last:border-b-0"
            >
              <AbsoluteTime at={item.at} className="text-12 text-ink-3" />
              <span className="wrap-anywhere">
                <ActivitySentence item={item} />
              </span>
            </li>
          ))}
        </List>
      )}
    </Panel>
  );
}
