import { environmentConformance } from '../../environments/conformance.ts';
import { localRig } from './local-rig.ts';

environmentConformance('local', localRig);
