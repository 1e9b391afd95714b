import { environmentConformance } from '../../environments/conformance.ts';
import { infrakitRig } from './infrakit-rig.ts';

environmentConformance('a foreign plugin behind our own server', infrakitRig);
