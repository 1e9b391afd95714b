import { environmentConformance } from '../../environments/conformance.ts';
import { infrakitRig } from './infrakit-rig.ts';
import { asRecorded, recordedPlugins } from './test-recorded-plugin.ts';

for (const recorded of recordedPlugins) {
  environmentConformance(`a real plugin as it answered, ${recorded.version},`, () => infrakitRig(asRecorded(recorded)));
}
