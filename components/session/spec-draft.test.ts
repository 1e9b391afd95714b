import { describe, expect, test } from 'vitest';
import { loadExample } from './load-example.ts';
import {
  draftOf,
  emptyComponent,
  emptySpec,
  nextName,
  portNames,
  readDraft,
  type SpecDraft,
  wantsOfDraft,
} from './spec-draft.ts';

const load = loadExample([{ name: 'workers', free: 4 }]);
const example = draftOf(load);

function withComponent(index: number, change: Partial<SpecDraft['components'][number]>): SpecDraft {
  return { ...example, components: example.components.map((one, at) => (at === index ? { ...one, ...change } : one)) };
}

describe('a spec', () => {
  test('survives the form unchanged', () => {
    expect(readDraft(example)).toMatchObject({ spec: load, errors: {} });
  });

  test('with every field set survives the form unchanged', () => {
    const [server, ...rest] = load.components;
    const spec = {
      ...load,
      labels: { team: 'web', tier: '2' },
      priority: -3,
      timeouts: { queueMs: 90_000, provisionMs: 0, testMs: 5_400_000 },
      components: [
        {
          ...(server ?? load.components[0]),
          command: ['sh', '-c', 'echo a b'],
          env: { URL: 'http://a/?b=c', EMPTY: '' },
          ports: [
            { name: 'http', port: 8080 },
            { name: 'admin', port: 0 },
          ],
          secrets: ['token'],
          configs: ['settings'],
        },
        ...rest,
      ],
    };
    expect(readDraft(draftOf(spec as never)).spec).toEqual(spec);
  });
});

describe('what is wrong is said beside its field', () => {
  test.each<[string, SpecDraft, string]>([
    ['name', { ...example, name: 'Not A Name' }, 'lower-case letters'],
    ['scenario', { ...example, scenario: '{' }, 'no JSON'],
    ['priority', { ...example, priority: 'high' }, 'a whole number'],
    ['priority', { ...example, priority: '101' }, 'at most 100'],
    ['timeouts.testMs', { ...example, timeouts: { ...example.timeouts, testMs: 'soon' } }, 'a duration'],
    ['labels', { ...example, labels: 'team' }, 'team has no value'],
    ['components', { ...example, components: example.components.slice(0, 2) }, 'exactly one driver'],
    ['components.1.name', withComponent(1, { name: 'server-1' }), 'taken by another'],
    ['components.0.pool', withComponent(0, { pool: '' }), 'name a pool'],
    ['components.0.command', withComponent(0, { image: '' }), 'a command or an image'],
    ['components.0.env', withComponent(0, { env: '1A=x' }), 'letters, digits and _'],
    ['components.0.ports', withComponent(0, { ports: 'http, http' }), 'a name of its own'],
    ['components.0.ports', withComponent(0, { ports: 'http:no' }), 'separated by commas'],
    ['components.0.probe', withComponent(0, { probePort: 'grpc' }), 'none of the ports'],
  ])('%s', (field, draft, message) => {
    const { spec, errors } = readDraft(draft);
    expect(spec).toBeNull();
    expect(errors[field]).toContain(message);
  });
});

test('a draft that is only incomplete can still be shown as YAML, one that cannot be read cannot', () => {
  expect(readDraft(emptySpec).spec).toBeNull();
  expect(readDraft(emptySpec).rough).toMatchObject({ components: [{ name: 'driver' }] });
  expect(readDraft({ ...emptySpec, scenario: '{' }).rough).toBeNull();
});

test('no timeout is an empty field, and so are zero and none', () => {
  const timeouts = { queueMs: '', provisionMs: '0', testMs: 'None' };
  expect(readDraft({ ...example, timeouts }).spec?.timeouts).toEqual({ queueMs: 0, provisionMs: 0, testMs: 0 });
});

test('the ports that are typed can be chosen for the probe', () => {
  expect(portNames('http, admin:8080,')).toEqual(['http', 'admin']);
  expect(portNames(emptyComponent.ports)).toEqual([]);
});

test('one more component has a name of its own', () => {
  expect(nextName('client', example.components)).toBe('client-3');
  expect(nextName('server', [])).toBe('server-1');
  expect(nextName('driver', [])).toBe('driver');
});

test('the machines that are wanted are counted by pool, where one is named', () => {
  const unnamed = { ...emptyComponent, pool: ' ' };
  expect(wantsOfDraft([...example.components, unnamed])).toEqual([{ pool: 'workers', count: 4 }]);
});
