import fc from 'fast-check';
import type { Installation } from '../domain/installation/installation.ts';
import type { Json } from '../domain/instance/plugin.ts';
import type { EnvironmentKind } from './cluster.ts';
import { dockerSettingsSchema } from './docker-settings.ts';
import { dockerSpecSchema } from './docker-spec.ts';
import { infrakitSettingsSchema } from './infrakit-settings.ts';
import { localSpecSchema } from './local-spec.ts';
import { simulatorSettingsSchema } from './simulator-settings.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const ms = fc.integer({ min: 0, max: 7 * 24 * 3_600_000 });
const text = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((one) => !/[\0\p{Surrogate}]/u.test(one));

const policy = fc.record(
  {
    surge: fc.nat(9),
    batch: fc.integer({ min: 1, max: 9 }),
    canary: fc.nat(3),
    bakeMs: ms,
    order: fc.subarray(['unhealthy', 'idle', 'oldest', 'zones'] as const),
    protect: fc.constantFrom('skip', 'wait', 'replace' as const),
    minHealthyMs: ms,
  },
  { requiredKeys: [] },
);

const value: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(text, { maxLength: 2 }),
);
const simulatedSpec = fc.dictionary(fc.stringMatching(/^[a-f]{1,3}$/), value, { maxKeys: 3, noNullPrototype: true });
const localSpec = fc
  .record({ version: fc.stringMatching(/^[0-9a-z.]{1,5}$/), startDelayMs: fc.nat(1_000) })
  .map((spec): Json => localSpecSchema.parse(spec));

const settings = fc
  .record(
    {
      seed: name,
      startMs: fc.constant([1, 2]),
      workloads: fc.constant([0, 1]),
      faults: fc.record({ death: fc.constantFrom(0, 0.5) }),
    },
    { requiredKeys: [] },
  )
  .map((given): Json => simulatorSettingsSchema.parse(given));

const infrakitSettings = fc
  .record(
    {
      address: fc.constantFrom('/run/plugins/vm', 'tcp://abroad:4000'),
      type: fc.constantFrom('', 'vm'),
      probe: fc.constantFrom(null, { url: 'http://{tag:address}/health' }),
      drainHook: fc.constantFrom(null, { command: 'drain' }, { url: 'https://hooks/{id}' }),
      drainWaitMs: fc.nat(100_000),
    },
    { requiredKeys: ['address'] },
  )
  .map((given): Json => infrakitSettingsSchema.parse(given));

const held = fc.constantFrom('/etc/engine.pem', 'secret:engine.pem');
const dockerSettings = fc
  .record(
    {
      reached: fc.oneof(
        fc.constantFrom({ address: 'unix:///run/docker.sock' }, { address: 'tcp://127.0.0.1:2375' }),
        fc.record({ address: fc.constant('tcp://engine:2376'), tls: fc.record({ ca: held, cert: held, key: held }) }),
      ),
      minHealthyMs: fc.nat(100_000),
      network: name,
    },
    { requiredKeys: [] },
  )
  .map(({ reached, ...given }): Json => dockerSettingsSchema.parse({ ...reached, ...given }));
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const image = fc.tuple(fc.constantFrom('web@', 'web:2@', ''), digest).map(([name, hex]) => `${name}sha256:${hex}`);
const dockerSpec = fc
  .record({ image: fc.oneof(image, fc.constant('web:2')), init: fc.boolean() }, { requiredKeys: ['image'] })
  .map((spec): Json => dockerSpecSchema.parse(spec));

const environment = fc.record({
  kindAndSettings: fc.oneof(
    fc.constant({ kind: 'local', settings: {} }),
    settings.map((settings) => ({ kind: 'simulator', settings })),
    infrakitSettings.map((settings) => ({ kind: 'infrakit', settings })),
    dockerSettings.map((settings) => ({ kind: 'docker', settings })),
  ),
  selfApproval: fc.boolean(),
  approvalsNeeded: fc.integer({ min: 1, max: 10 }),
  maxActiveCycles: fc.option(fc.integer({ min: 1, max: 9 })),
});
const sizes = fc.tuple(fc.nat(5), fc.nat(5), fc.integer({ min: 1, max: 5 }));
const cluster = fc.record({
  name,
  at: fc.nat(9),
  isAbsent: fc.constantFrom(false, false, false, true),
  labels: fc.dictionary(fc.stringMatching(/^[a-e]{1,3}$/), text, { maxKeys: 2, noNullPrototype: true }),
  specs: fc.record({
    local: localSpec,
    simulator: simulatedSpec,
    infrakit: simulatedSpec,
    docker: dockerSpec,
  } satisfies Record<EnvironmentKind, fc.Arbitrary<Json>>),
  sizes,
  policy: fc.option(policy),
  drainTimeoutMs: ms,
});

/** Any installation that could be stored, without what looks like a secret. */
export const installations: fc.Arbitrary<Installation> = fc
  .record({
    environments: fc.dictionary(name, environment, { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
    clusters: fc.uniqueArray(cluster, { maxLength: 6, selector: (one) => `${one.at} ${one.name}` }),
  })
  .map(({ environments, clusters }) => {
    const names = Object.keys(environments);
    const seen = new Set<string>();
    const placed = clusters.flatMap((one) => {
      const environment = names[one.at % names.length] ?? '';
      const key = `${environment}/${one.name}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ ...one, environment }];
    });
    return {
      environments: Object.entries(environments).map(([name, { kindAndSettings, ...limits }]) => ({
        name,
        ...limits,
        ...kindAndSettings,
      })),
      absent: placed.filter((one) => one.isAbsent).map(({ environment, name }) => ({ environment, name })),
      clusters: placed
        .filter((one) => !one.isAbsent)
        .map(({ environment, name, labels, policy, drainTimeoutMs, sizes: [min, more, room], ...one }) => ({
          environment,
          name,
          labels,
          spec: new Map(Object.entries(one.specs)).get(environments[environment]?.kindAndSettings.kind ?? '') ?? {},
          minSize: min,
          targetSize: min + more,
          maxSize: min + more + room,
          policy,
          drainTimeoutMs,
        })),
    };
  });
