import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { infrakitSettingsSchema } from '../../../contract/infrakit-settings.ts';
import { findingsOf } from '../../../domain/instance/connection.ts';
import { infrakitConnection } from './connection.ts';
import { type InfrakitRig, infrakitRig } from './infrakit-rig.ts';

let rig: InfrakitRig;
beforeEach(async () => {
  rig = await infrakitRig();
});
afterEach(async () => {
  expect(await rig.close()).toEqual([]);
});

type Given = Partial<Record<'probe' | 'drainHook', { readonly url: string }>>;

/** What is said of the URLs, once the plugin itself has answered. */
async function findings(given: Given, reach: readonly string[] = []) {
  const { address, type } = rig.settings;
  const settings = infrakitSettingsSchema.parse({ address, type, ...given });
  const steps = infrakitConnection('abroad', settings, { commands: {}, reach: [...reach] });
  const [plugin, instances, ...urls] = await findingsOf(steps, AbortSignal.timeout(20_000));
  expect([plugin?.problem, instances?.problem]).toEqual([null, null]);
  return urls.map(({ what, problem }) => [what, problem]);
}

/** A host and port at which nobody listens any more. */
async function deserted(): Promise<string> {
  const server: Server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(Object(server.address()).port));
  });
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

test('probe and hook are knocked at, and asked nothing', async () => {
  const [host = ''] = rig.hooks.reach;
  const url = `http://${host}/{id}`;
  expect(await findings({ probe: { url }, drainHook: { url } }, [host])).toEqual([
    [`The probe at ${host} can be reached`, null],
    [`The drain hook at ${host} can be reached`, null],
  ]);
});

test('what the file of hooks does not list, at which nobody listens, or that has no address is said', async () => {
  const [host = ''] = rig.hooks.reach;
  expect(await findings({ probe: { url: `http://${host}` } })).toEqual([
    [
      `The probe at ${host} can be reached`,
      `${host} is this host's own or link-local, and the server's file of hooks does not list it: add it to \`reach\` there.`,
    ],
  ]);
  const nobody = await deserted();
  expect(await findings({ drainHook: { url: `http://${nobody}/drain?of={id}` } }, [nobody])).toEqual([
    [`The drain hook at ${nobody} can be reached`, `Nothing listens at ${nobody}: start what is to answer there.`],
  ]);
  const [[what, problem] = []] = await findings({ probe: { url: 'https://nowhere.invalid/health' } });
  expect(what).toBe('The probe at nowhere.invalid can be reached');
  expect(problem).toMatch(/nowhere\.invalid/);
});

test('where each machine has a host of its own, there is none to knock at', async () => {
  expect(await findings({ probe: { url: 'http://{tag:address}:8080/health' } })).toEqual([]);
});
