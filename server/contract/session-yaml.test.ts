import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SessionSpec } from '../domain/session/session.ts';
import { sessionSpecSchema } from './session.ts';
import { readSpec, writeSpec } from './session-yaml.ts';

const SMALL = `name: smoke
components:
  - name: driver
    kind: driver
    pool: workers
    image: http-driver
`;

const FULL: SessionSpec = {
  name: 'nightly',
  labels: { team: 'web', 'needs.quotes': 'yes: no' },
  priority: -3,
  timeouts: { queueMs: 60_000, provisionMs: 0, testMs: 600_000 },
  scenario: { rate: [1, 2.5], name: 'on', deep: { nothing: null } },
  components: [
    {
      name: 'server-1',
      kind: 'server',
      pool: 'workers',
      image: null,
      command: ['node', '-e', 'console.log("# no comment")\nprocess.exit(0)'],
      env: { A: 'true', B: '0123', C: '', D: ' x\n' },
      ports: [
        { name: 'http', port: 0 },
        { name: 'admin', port: 9000 },
      ],
      probe: { port: 'http', path: '/healthz' },
      secrets: ['token'],
      configs: ['settings'],
    },
    {
      name: 'driver',
      kind: 'driver',
      pool: 'load',
      image: 'http-driver',
      command: [],
      env: {},
      ports: [{ name: 'x', port: 0 }],
      probe: { port: 'x', path: null },
      secrets: [],
      configs: [],
    },
  ],
};

test('a text that says little is a whole spec', () => {
  expect(readSpec(SMALL)).toEqual({
    spec: sessionSpecSchema.parse({
      name: 'smoke',
      components: [{ name: 'driver', kind: 'driver', pool: 'workers', image: 'http-driver' }],
    }),
    problems: [],
  });
});

test('JSON is read too', () => {
  expect(readSpec(JSON.stringify(FULL)).spec).toEqual(FULL);
});

test('what is so anyway is not written', () => {
  const { spec } = readSpec(SMALL);
  expect(spec && writeSpec(spec)).toBe(SMALL);
});

test('what is written is read as it was', () => {
  expect(readSpec(writeSpec(FULL))).toEqual({ spec: FULL, problems: [] });
});

const keptJson = fc.jsonValue().filter((json) => !JSON.stringify(json).includes('"__proto__"'));

test('whatever stands in texts, labels and scenario, what is written is read as it was', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'grapheme' }), keptJson, (argument, value, json) => {
      const [server, driver] = FULL.components;
      if (server === undefined || driver === undefined) throw new Error('the example has two components');
      // JSON has no negative zero, and neither has a stored scenario.
      const scenario = JSON.parse(JSON.stringify(json));
      const spec = { ...FULL, scenario, components: [{ ...server, command: [argument], env: { A: value } }, driver] };
      expect(readSpec(writeSpec(spec))).toEqual({ spec, problems: [] });
    }),
  );
});

describe('a problem is said with its path and line', () => {
  const problems = (text: string) => readSpec(text).problems.map(({ path, line, message }) => [path, line, message]);

  test('of a field that is wrong', () => {
    expect(problems(SMALL.replace('kind: driver', 'kind: drover'))).toEqual([
      ['components.0.kind', 4, expect.stringContaining('"driver"')],
    ]);
  });

  test('of a member that could not be kept', () => {
    expect(problems(`${SMALL}scenario:\n  load: [{ __proto__: 1 }]\n`)).toEqual([
      ['scenario', expect.any(Number), 'must have no member __proto__'],
    ]);
  });

  test('of a field that nobody knows', () => {
    expect(problems(`${SMALL}    imgae: x\ntimeout: 5\n`)).toEqual([
      ['components.0.imgae', 7, 'is no field that we know'],
      ['timeout', 8, 'is no field that we know'],
    ]);
  });

  test('of a field that is missing, at what it is missing in', () => {
    expect(problems(SMALL.replace('    pool: workers\n', ''))).toEqual([['components.0.pool', 3, 'is missing']]);
  });

  test('of an item of a list', () => {
    expect(problems(`${SMALL}    command:\n      - node\n      - 5\n`)).toEqual([
      ['components.0.command.1', 9, expect.stringContaining('expected string')],
    ]);
  });

  test('of a rule over several fields', () => {
    expect(problems(SMALL.replace('kind: driver', 'kind: client'))).toEqual([
      ['components', 2, 'needs exactly one driver, and has 0'],
    ]);
  });

  test('of a text that is no YAML', () => {
    expect(problems('name: smoke\ncomponents: [\n')).toEqual([['', 3, expect.any(String)]]);
  });

  test('of a key that stands twice', () => {
    expect(problems(`${SMALL}name: again\n`)).toEqual([['', 7, 'Map keys must be unique']]);
  });

  test('of a tag that we do not know', () => {
    expect(problems(SMALL.replace('workers', '!env POOL'))).toEqual([['', 5, expect.stringContaining('!env')]]);
  });

  test('of a text that cannot be stored', () => {
    expect(problems(`${SMALL}    env:\n      A: "a\\0b"\nscenario:\n  deep: ["\\uD800"]\n`)).toEqual([
      ['components.0.env.A', 8, 'holds a NUL or half a character'],
      ['scenario.deep.0', 10, 'holds a NUL or half a character'],
    ]);
  });

  test('of an empty text', () => {
    expect(problems('')).toEqual([['', null, expect.stringContaining('expected object')]]);
  });

  test('of aliases that grow without end', () => {
    const bomb = [
      'a: &a [x, x]',
      ...[...'bcdefghijk'].map(
        (key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(', ')}]`,
      ),
    ];
    expect(problems(bomb.join('\n'))).toEqual([['', null, expect.stringContaining('alias')]]);
  });
});
