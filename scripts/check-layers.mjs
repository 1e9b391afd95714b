// Part of npm run check: the imports of .dependency-cruiser.cjs. A cruise that read nothing would pass, so it is counted.
import { capture } from './child.mjs';

const PLACES = { app: 5, components: 20, 'server/domain': 20, 'server/adapters': 20, 'server/services': 3 };

const { output } = await capture(process.execPath, [
  ...['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', '--config', '.dependency-cruiser.cjs'],
  ...[
    '--output-type',
    'json',
    'app',
    'components',
    'server',
    'scripts',
    'bench',
    'prisma',
    'instrumentation.ts',
    'proxy.ts',
  ],
]);
const { modules, summary } = JSON.parse(output);
const errors = summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
for (const [place, least] of Object.entries(PLACES)) {
  const count = modules.filter(({ source }) => source.startsWith(`${place}/`)).length;
  if (count < least) errors.push(`only ${count} files were read in ${place}`);
}
if (errors.length > 0) {
  console.error(errors.join('\n'));
  process.exit(1);
}
console.log(`${summary.totalCruised} modules keep to their layers`);
