import { withTestEngine } from '../../plugins/docker/test-engine.ts';
import { executorConformance } from '../conformance.ts';
import { dockerExecutorRig } from './docker-executor-rig.ts';

await withTestEngine('components as containers', (engine) =>
  executorConformance('docker', () => dockerExecutorRig(engine)),
);
