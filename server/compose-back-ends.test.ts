import { expect, test } from 'vitest';
import { capabilitiesOf } from './compose-back-ends.ts';
import { environmentKinds } from './contract/cluster.ts';
import { canUndrain } from './contract/undraining.ts';

const settings = {
  local: {},
  simulator: {},
  infrakit: { address: '/run/plugins/demo' },
  docker: { address: 'unix:///run/docker.sock' },
};

test.each(environmentKinds)('pages know whether %s takes a drain back, as its back end does', (kind) => {
  expect(capabilitiesOf({ kind, settings: settings[kind] })?.undrain).toBe(canUndrain(kind));
});
