import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Installation } from '../domain/installation/installation.ts';
import { wholeSettings } from './environment-settings.ts';
import { readInstallation, writeInstallation } from './roundhouse-yaml.ts';
import { installations } from './test-installations.ts';

const SMALL = `version: 1
policies:
  careful:
    surge: 1
    bake: 5m
environments:
  prod:
    kind: simulator
    approvalsNeeded: 2
    clusters:
      web:
        spec: { image: "web:1" }
        sizes: { min: 3, target: 4, max: 6 }
        policy: careful
        drainTimeout: 1h30m
  lab:
    kind: local
    clusters:
      echo:
        spec: { version: "1" }
        sizes: { min: 0, target: 1, max: 2 }
clusters:
  old/gone:
    absent: true
`;

test('a text is read as what it declares, with what the defaults say', () => {
  expect(readInstallation(SMALL)).toEqual({
    problems: [],
    installation: {
      environments: [
        {
          name: 'prod',
          kind: 'simulator',
          selfApproval: false,
          approvalsNeeded: 2,
          maxActiveCycles: null,
          settings: wholeSettings('simulator', {}),
        },
        { name: 'lab', kind: 'local', selfApproval: false, approvalsNeeded: 1, maxActiveCycles: null, settings: {} },
      ],
      clusters: [
        {
          environment: 'prod',
          name: 'web',
          labels: {},
          spec: { image: 'web:1' },
          minSize: 3,
          targetSize: 4,
          maxSize: 6,
          policy: { surge: 1, bakeMs: 300_000 },
          drainTimeoutMs: 5_400_000,
        },
        {
          environment: 'lab',
          name: 'echo',
          labels: {},
          spec: { version: '1' },
          minSize: 0,
          targetSize: 1,
          maxSize: 2,
          policy: null,
          drainTimeoutMs: 900_000,
        },
      ],
      absent: [{ environment: 'old', name: 'gone' }],
    },
  });
});

test('a file may say nothing yet', () => {
  const { installation } = readInstallation('version: 1\nenvironments:\nclusters:\n');
  expect(installation).toEqual({ environments: [], clusters: [], absent: [] });
});

test('a part may be written once and taken over by anchors', () => {
  const { installation } = readInstallation(`version: 1
environments:
  prod:
    kind: simulator
    clusters:
      web: &web
        spec: { image: "web:1" }
        sizes: { min: 3, target: 4, max: 6 }
      api:
        <<: *web
        spec: { image: "api:1" }
`);
  expect(installation?.clusters.map(({ name, spec, maxSize }) => [name, spec, maxSize])).toEqual([
    ['web', { image: 'web:1' }, 6],
    ['api', { image: 'api:1' }, 6],
  ]);
});

test('what is written is read as it was', () => {
  fc.assert(
    fc.property(installations, (installation) => {
      const { text, leftOut } = writeInstallation(installation);
      expect(leftOut).toEqual([]);
      expect(inOrder(readInstallation(text))).toEqual(inOrder({ installation, problems: [] }));
    }),
  );
});

/** Beneath their environments clusters come in another order. */
function inOrder({ installation, problems }: ReturnType<typeof readInstallation>) {
  const byName = <T extends { readonly name: string; readonly environment?: string }>(list: readonly T[]) =>
    [...list].sort((a, b) => (`${a.environment}/${a.name}` < `${b.environment}/${b.name}` ? -1 : 1));
  return {
    problems,
    environments: byName(installation?.environments ?? []),
    clusters: byName(installation?.clusters ?? []),
    absent: byName(installation?.absent ?? []),
  };
}

test('a policy of several clusters is written once', () => {
  const { installation } = readInstallation(SMALL);
  if (installation === null) throw new Error('the example is good');
  const [web] = installation.clusters;
  if (web === undefined) throw new Error('the example has a cluster');
  const { text } = writeInstallation({ ...installation, clusters: [web, { ...web, name: 'api' }] });
  expect(text).toContain('policies:\n  policy-1:\n    surge: 1\n    bake: 5m\n');
  expect(text.match(/policy: policy-1/g)).toHaveLength(2);
});

test('a cluster whose spec holds what looks like a secret is not written, and named', () => {
  const { installation } = readInstallation(SMALL);
  const [web] = installation?.clusters ?? [];
  if (web === undefined) throw new Error('the example has a cluster');
  const secret: Installation = {
    environments: [],
    absent: [],
    clusters: [{ ...web, spec: { env: { API_TOKEN: 'abcdef' } } }],
  };
  const { text, leftOut } = writeInstallation(secret);
  expect(leftOut).toEqual(['prod/web']);
  expect(text).toContain('# Left out: prod/web');
  expect(text).not.toContain('abcdef');
});

const ENGINE = `version: 1
environments:
  engine:
    kind: docker
    docker:
      address: tcp://engine:2376
      tls:
        ca: /etc/engine/ca.pem
        cert: secret:engine-cert
        key: secret:engine-key
`;

test('a secret that settings name is no secret itself: it is read, and written as its name', () => {
  const { installation, problems } = readInstallation(ENGINE);
  expect(problems).toEqual([]);
  expect(installation?.environments).toMatchObject([
    { settings: { tls: { ca: '/etc/engine/ca.pem', cert: 'secret:engine-cert', key: 'secret:engine-key' } } },
  ]);
  if (installation === null) throw new Error('the example is good');
  expect(writeInstallation(installation)).toEqual({ text: ENGINE, leftOut: [] });
});

test.each([
  [
    'where a secret belongs',
    'secret:engine-key',
    '|\n          -----BEGIN PRIVATE KEY-----\n          MIGHAgEA',
    'tls.key',
  ],
  ['in one line', '/etc/engine/ca.pem', '"-----BEGIN CERTIFICATE----- MIGHAgEA"', 'tls.ca'],
])('a certificate or key itself in settings is refused, with where it belongs: %s', (_, right, pem, path) => {
  const { problems } = readInstallation(ENGINE.replace(right, pem));
  expect(problems).toEqual([
    {
      path: `environments.engine.docker.${path}`,
      line: expect.any(Number),
      message: expect.stringMatching(/set it under Sessions, Secrets and configs, and write secret:NAME/),
    },
  ]);
  expect(JSON.stringify(problems)).not.toContain('MIGH');
});

describe('what is wrong is said with its path, its line and what is right', () => {
  const IMAGE = 'image: "web:1"';
  test.each([
    [
      'another version',
      'version: 1',
      'version: 2',
      ['version', 1, 'write 1: there is no other version of the format yet'],
    ],
    ['no version', 'version: 1\n', '', ['version', 1, 'write 1: there is no other version of the format yet']],
    [
      'an unknown field',
      'approvalsNeeded',
      'aprovals',
      [
        'environments.prod.aprovals',
        9,
        'is no field that we know; here may stand kind, selfApproval, approvalsNeeded, maxActiveCycles, simulator, infrakit, docker, clusters',
      ],
    ],
    [
      'secrets',
      'policies:',
      'secrets: {}\npolicies:',
      ['secrets', 2, expect.stringContaining('secrets never stand in this file')],
    ],
    [
      'a secret in a spec',
      IMAGE,
      'env: { DB_PASSWORD: x }',
      ['environments.prod.clusters.web.spec.env.DB_PASSWORD', 12, expect.stringContaining('looks like a secret')],
    ],
    [
      'a secret in camel case',
      IMAGE,
      'auth: { clientSecret: x }',
      ['environments.prod.clusters.web.spec.auth.clientSecret', 12, expect.stringContaining('looks like a secret')],
    ],
    [
      'a secret by its name in a spec, where nothing would put its value',
      IMAGE,
      'env: { API_TOKEN: "secret:api-token" }',
      ['environments.prod.clusters.web.spec.env.API_TOKEN', 12, expect.stringContaining('looks like a secret')],
    ],
    [
      'the name of a secret that is none',
      'kind: local',
      'kind: docker\n    docker: { address: "tcp://a:1", tls: { ca: "secret:My CA", cert: /cert, key: /key } }',
      ['environments.lab.docker.tls.ca', 18, expect.stringMatching(/^the name of a secret has lower-case/)],
    ],
    [
      'TLS that is no map',
      'kind: local',
      'kind: docker\n    docker: { address: "tcp://a:1", tls: on }',
      ['environments.lab.docker.tls', 18, 'write ca, cert and key, each a path or secret:NAME'],
    ],
    [
      'a file whose path is not whole',
      'kind: local',
      'kind: docker\n    docker: { address: "tcp://a:1", tls: { ca: ca.pem, cert: /cert, key: /key } }',
      ['environments.lab.docker.tls.ca', 18, 'write an absolute path on the host of the worker, or secret:NAME'],
    ],
    [
      'another kind',
      'kind: simulator',
      'kind: aws',
      ['environments.prod.kind', 8, expect.stringContaining('"local"|"simulator"')],
    ],
    [
      'a simulator that is none',
      'kind: local',
      'kind: local\n    simulator: {}',
      ['environments.lab.simulator', 18, 'is for the kind simulator, and this is local'],
    ],
    [
      'a plugin without its address',
      'kind: local',
      'kind: infrakit',
      ['environments.lab', 16, 'write infrakit: { address: /path/of/the/plugin }'],
    ],
    [
      'an image of neither a tag nor a digest',
      'kind: simulator\n    approvalsNeeded: 2\n    clusters:\n      web:\n        spec: { image: "web:1" }',
      'kind: docker\n    approvalsNeeded: 2\n    clusters:\n      web:\n        spec: { image: "web" }',
      ['environments.prod.clusters.web.spec.image', 12, expect.stringMatching(/name:tag.*name@sha256:/)],
    ],
    [
      'an engine that is reached without TLS',
      'kind: local',
      'kind: docker\n    docker: { address: "tcp://10.0.0.7:2375" }',
      ['environments.lab.docker.tls', expect.any(Number), expect.stringContaining('is needed')],
    ],
    [
      'a limit out of bounds',
      'approvalsNeeded: 2',
      'approvalsNeeded: 0',
      ['environments.prod.approvalsNeeded', 9, expect.stringContaining('1')],
    ],
    [
      'no duration',
      'bake: 5m',
      'bake: soon',
      ['policies.careful.bake', 5, '"soon" is no duration; write 90s, 15m or 1h30m'],
    ],
    [
      'a duration without a unit',
      'bake: 5m',
      'bake: 300',
      ['policies.careful.bake', 5, 'write a duration, such as 15m or 1h30m'],
    ],
    ['a duration that is too long', '1h30m', '8d', ['environments.prod.clusters.web.drainTimeout', 15, 'at most 7d']],
    [
      'an unknown policy',
      'policy: careful',
      'policy: carefull',
      ['environments.prod.clusters.web.policy', 14, 'there is no policy "carefull": there are careful'],
    ],
    [
      'an unknown policy, named as every object has something',
      'policy: careful',
      'policy: constructor',
      ['environments.prod.clusters.web.policy', 14, 'there is no policy "constructor": there are careful'],
    ],
    [
      'a policy of its own that is wrong',
      'policy: careful',
      'policy: { serge: 1 }',
      ['environments.prod.clusters.web.policy.serge', 14, expect.stringContaining('here may stand surge')],
    ],
    [
      'sizes that do not fit',
      'target: 4',
      'target: 9',
      ['environments.prod.clusters.web.sizes.target', 13, 'not above max'],
    ],
    [
      'no sizes',
      '        sizes: { min: 3, target: 4, max: 6 }\n',
      '',
      ['environments.prod.clusters.web.sizes', 11, expect.stringContaining('is missing')],
    ],
    [
      'a spec that is no map',
      `{ ${IMAGE} }`,
      'web',
      ['environments.prod.clusters.web.spec', 12, expect.stringContaining('write a map')],
    ],
    [
      'a local spec that no machine could run',
      'version: "1"',
      'comand: [x]',
      ['environments.lab.clusters.echo.spec.comand', 20, expect.stringContaining('here may stand version, command')],
    ],
    [
      'a name that is none',
      '      web:',
      '      Web:',
      ['environments.prod.clusters.Web', 11, expect.stringContaining('lower-case')],
    ],
    [
      'a cluster without its environment',
      'old/gone',
      'gone',
      ['clusters.gone', 23, expect.stringContaining('environment/name')],
    ],
    [
      'a cluster that stands twice',
      'old/gone',
      'prod/web',
      ['clusters.prod/web', 23, 'prod/web stands twice in this file'],
    ],
    [
      'an absent cluster that says more',
      'absent: true',
      'absent: true\n    labels: {}',
      ['clusters.old/gone.labels', 25, expect.stringContaining('leave it away')],
    ],
    [
      'what is not to be stored',
      IMAGE,
      'image: "a\\0b"',
      ['environments.prod.clusters.web.spec.image', 12, 'holds a NUL or half a character'],
    ],
    [
      'a label that is no text',
      `spec: { ${IMAGE} }`,
      `spec: { ${IMAGE} }\n        labels: { tier: 1 }`,
      ['environments.prod.clusters.web.labels.tier', 13, expect.stringContaining('expected string')],
    ],
  ])('%s', (_, right, wrong, problem) => {
    expect(SMALL).toContain(right);
    const { problems } = readInstallation(SMALL.replace(right, wrong));
    expect(problems.map(({ path, line, message }) => [path, line, message])).toContainEqual(problem);
  });

  test('a text that is no YAML', () => {
    expect(readInstallation('version: [').problems).toMatchObject([{ path: '', line: 1 }]);
  });
});

test('the example of the documentation is read', () => {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text ?? '');
  expect(examples.length).toBeGreaterThan(0);
  for (const example of examples) expect(readInstallation(example).problems).toEqual([]);
  const { installation } = readInstallation(examples[0] ?? '');
  expect(installation?.environments.length).toBeGreaterThan(1);
  expect(installation?.clusters.length).toBeGreaterThan(2);
});
