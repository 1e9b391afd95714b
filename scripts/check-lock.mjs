// Part of npm run check: the lock must name every binary for every platform, else `npm ci` fails elsewhere.
import { readFileSync } from 'node:fs';

const packages = Object.entries(JSON.parse(readFileSync('package-lock.json', 'utf8')).packages);
const locked = new Set(
  packages.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
);
const wanted = packages.flatMap(([path, { optionalDependencies = {} }]) =>
  Object.keys(optionalDependencies).map((name) => ({ name, by: path })),
);
const missing = wanted.filter(({ name }) => !locked.has(name));

for (const { name, by } of missing)
  console.error(`package-lock.json lacks ${name}, which ${by || 'package.json'} names`);
if (wanted.length === 0) console.error('package-lock.json names no optional package: nothing was checked');
if (missing.length > 0 || wanted.length === 0) process.exit(1);
console.log(`${wanted.length} optional packages are locked`);
