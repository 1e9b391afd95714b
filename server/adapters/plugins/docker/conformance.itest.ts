import { environmentConformance } from '../../environments/conformance.ts';
import { dockerRig } from './docker-rig.ts';
import { withTestEngine } from './test-engine.ts';

await withTestEngine('the Docker back end', (engine) => environmentConformance('docker', () => dockerRig(engine)));
