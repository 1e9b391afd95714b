import { expect, test } from 'vitest';
import { environmentKinds } from '../../server/contract/cluster.ts';
import { readSettings } from '../../server/contract/environment-settings.ts';
import { fieldText, settingsFields, withFieldText } from './settings-fields.ts';

const field = (kind: 'docker' | 'infrakit', label: string) => {
  const found = settingsFields[kind].find((one) => one.label === label);
  if (found === undefined) throw new Error(`no field ${label}`);
  return found;
};

test('what is typed stands at its place beside what is there, numbers as numbers', () => {
  const address = withFieldText({}, field('docker', 'Address of the engine'), 'tcp://engine:2376');
  const both = withFieldText(address, field('docker', 'TLS: key'), '/key');
  const all = withFieldText(both, field('docker', 'In service after, ms'), '500');
  expect(all).toEqual({ address: 'tcp://engine:2376', tls: { key: '/key' }, minHealthyMs: 500 });
  expect(fieldText(all, field('docker', 'TLS: key'))).toBe('/key');
  expect(fieldText(all, field('docker', 'In service after, ms'))).toBe('500');
});

test('a file or a secret that is typed is one that the server takes; a key itself is told where it belongs', () => {
  const typed = (key: string) =>
    ['TLS: authority', 'TLS: certificate'].reduce(
      (settings, label) => withFieldText(settings, field('docker', label), '/etc/engine/all.pem'),
      withFieldText({ address: 'tcp://engine:2376' }, field('docker', 'TLS: key'), key),
    );
  expect(readSettings('docker', JSON.stringify(typed('secret:engine-key'))).settings).toMatchObject({
    tls: { ca: '/etc/engine/all.pem', key: 'secret:engine-key' },
  });
  expect(fieldText(typed('secret:engine-key'), field('docker', 'TLS: key'))).toBe('secret:engine-key');
  const { problems } = readSettings('docker', JSON.stringify(typed('-----BEGIN PRIVATE KEY-----MIGHAgEA'), null, 2));
  expect(problems).toEqual([{ path: '', line: 4, message: expect.stringContaining('Secrets and configs') }]);
});

test('a field that is emptied leaves nothing behind, and nothing else goes with it', () => {
  const settings = { type: 'vm', probe: { url: 'http://a/' }, other: { deep: [1] } };
  const emptied = withFieldText(settings, field('infrakit', 'Health probe'), '');
  expect(emptied).toEqual({ type: 'vm', other: { deep: [1] } });
  expect(withFieldText({ type: 'vm' }, field('infrakit', 'Type'), '')).toEqual({});
});

test('what is no number stays as it was typed, so that it is said to be wrong', () => {
  const settings = withFieldText({}, field('docker', 'In service after, ms'), 'soon');
  expect(settings).toEqual({ minHealthyMs: 'soon' });
  expect(readSettings('docker', JSON.stringify(settings)).problems).toMatchObject([{ path: 'minHealthyMs' }]);
});

test.each(environmentKinds)('every field of %s is one that the server knows', (kind) => {
  for (const one of settingsFields[kind]) {
    const settings = withFieldText({}, one, '1');
    const known = readSettings(kind, JSON.stringify(settings)).problems.map(({ message }) => message);
    expect(known).not.toContain('is no field that we know');
  }
});
