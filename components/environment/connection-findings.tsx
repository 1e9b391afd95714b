import { Badge } from '@/components/ui/badge';
import type { Finding } from '@/server/domain/instance/connection.ts';

/** What a worker found, one line for each thing that is needed. */
export function ConnectionFindings({ findings }: { findings: readonly Finding[] }) {
  const missing = findings.filter(({ problem }) => problem !== null).length;
  return (
    <div role="status" className="grid min-w-0 gap-1 rounded-panel border border-line p-3">
      <b className="font-medium">
        {missing === 0 ? 'Everything that is needed is there.' : 'This is missing before it can be driven:'}
      </b>
      <ul className="grid gap-1">
        {findings.map(({ what, problem, detail }) => (
          <li key={what}>
            <Badge
              shape={problem === null ? 'tick' : 'cross'}
              tone={problem === null ? 'ok' : 'bad'}
              className="max-w-full whitespace-normal!"
            >
              <span className="wrap-anywhere">
                {what}
                {detail !== null && <span className="text-ink-3">: {detail}</span>}
              </span>
            </Badge>
            {problem !== null && <span className="block pl-5 text-bad wrap-anywhere">{problem}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
