import { describe, expect, test } from 'vitest';
import type { Environment } from '../../domain/cycle/environment.ts';
import { cached } from './cached.ts';
import { FakeEnvironment } from './fake-environment.ts';
import { observed } from './observed.ts';
import { passThrough } from './pass-through.ts';
import { reserved } from './reserved.ts';

const DECORATORS: Readonly<Record<string, (environment: Environment) => Environment>> = {
  passThrough,
  observed: (environment) =>
    observed(
      environment,
      () => {},
      () => 0,
    ),
  reserved: (environment) => reserved(environment, async () => []),
  cached: (environment) => cached(environment, 0, () => 0),
};

/** One that can do all that is optional, and says what it was asked for as what it itself is. */
class Able extends FakeEnvironment {
  readonly asked: string[] = [];
  override undrainInstances = async (): Promise<void> => void this.asked.push('undrainInstances');

  async changeSettings(): Promise<void> {
    this.asked.push('changeSettings');
  }

  async follow(): Promise<void> {
    this.asked.push('follow');
  }

  async pinnedSpec(): Promise<string> {
    this.asked.push('pinnedSpec');
    return 'pinned';
  }
}

describe.each(Object.entries(DECORATORS))('%s', (_, decorate) => {
  const never = new AbortController().signal;
  const call = { token: 'cycle/1/1', deadline: 0, signal: never };

  test('lets through whatever the environment behind can do beyond what all can', async () => {
    const behind = new Able();
    const environment = decorate(behind);
    await environment.undrainInstances?.(['i'], call);
    await environment.changeSettings?.('c', [], call);
    await environment.follow?.(() => {}, never);
    expect(await environment.pinnedSpec?.({}, never)).toBe('pinned');
    expect(behind.asked).toEqual(['undrainInstances', 'changeSettings', 'follow', 'pinnedSpec']);
  });

  test('offers nothing that the environment behind cannot do', () => {
    const plain: Environment = Object.assign(new FakeEnvironment(), { undrainInstances: undefined });
    const environment = decorate(plain);
    for (const part of ['undrainInstances', 'changeSettings', 'follow', 'pinnedSpec'])
      expect(environment).not.toHaveProperty(part);
  });
});
