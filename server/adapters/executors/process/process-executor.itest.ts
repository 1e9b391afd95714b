import { executorConformance } from '../conformance.ts';
import { processRig } from './process-rig.ts';

executorConformance('process', processRig);
