import { expect, test } from 'vitest';
import { withTestEngine } from './test-engine.ts';

await withTestEngine('the engine of the tests', (engine) => {
  test('runs a container', async () => {
    const options = { Image: engine.image, Cmd: ['sh', '-c', 'exit 3'], HostConfig: { NetworkMode: 'host' } };
    const container = await engine.docker.createContainer(options);
    await container.start();
    expect(await container.wait()).toMatchObject({ StatusCode: 3 });
    await container.remove();
  });
});
