import type { ComponentProps } from 'react';
import { Flag } from '@/components/ui/flag';
import type { Exclusion, Health, Protection } from '@/server/domain/cluster/cluster';

interface InstanceFlagsProps {
  instance: {
    health?: Health | null;
    protection?: Protection | null;
    closed?: boolean;
    excluded?: Exclusion | null;
  };
  outdated: boolean;
  /** Only the letters are seen. */
  brief?: boolean;
}

/** The facts of an instance that hold beside its state, most urgent first. Nothing where there are none. */
export function InstanceFlags({ instance, outdated, brief = false }: InstanceFlagsProps) {
  const flags = flagsOf(instance, outdated);
  if (flags.length === 0) return null;
  return (
    <span className="inline-flex flex-wrap gap-x-2 gap-y-1">
      {flags.map((flag) => (
        <Flag key={flag.word} {...flag} brief={brief} />
      ))}
    </span>
  );
}

/** The same as letters. */
export function flagLetters(instance: InstanceFlagsProps['instance'], outdated: boolean): readonly string[] {
  return flagsOf(instance, outdated).map(({ letter }) => letter);
}

function flagsOf(
  { health, protection, closed, excluded }: InstanceFlagsProps['instance'],
  outdated: boolean,
): ComponentProps<typeof Flag>[] {
  const flags: ComponentProps<typeof Flag>[] = [];
  if (health === 'unhealthy') flags.push({ letter: '!', word: 'unhealthy', tone: 'bad' });
  if (health === 'unknown') flags.push({ letter: '?', word: 'unknown', tone: 'warn' });
  if (outdated) flags.push({ letter: 'O', word: 'outdated' });
  if (protection === 'protected') flags.push({ letter: 'P', word: 'protected', tone: 'info' });
  if (protection === 'standby') flags.push({ letter: 'Z', word: 'standby' });
  if (closed === true) flags.push({ letter: 'X', word: 'closed to new work' });
  if (excluded === 'not-ours') flags.push({ letter: 'N', word: 'not-ours' });
  if (excluded === 'skipped') flags.push({ letter: 'K', word: 'skipped' });
  return flags;
}
