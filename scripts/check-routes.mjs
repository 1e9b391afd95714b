// What a browser loads first of each route of the build, in JavaScript as it travels.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createContext, Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { Refusal, run } from './refusal.mjs';

/** What a page needs before it is alive may not be larger. Parts that are loaded after that are only told. */
const LIMIT_KB = 200;
const PAGES = '.next/server/app';
const MANIFEST = 'page_client-reference-manifest.js';
/** Beside it: the parts that are loaded later, some by themselves, some when they are asked for. */
const LATER = 'page/react-loadable-manifest.json';

/** Prints the table of the routes that Next has built; refuses where one is over the limit, or where it finds none. */
export function checkRoutes() {
  const shared = readJson('.next/build-manifest.json').rootMainFiles;
  const routes = manifests(PAGES).map((file) => ({
    route: routeOf(file),
    files: new Set([...shared, ...filesOf(file)]),
    later: new Set(laterFilesOf(file)),
  }));
  if (routes.length === 0 || shared.length === 0)
    throw new Refusal(`There is no route in ${PAGES}: nothing was measured.`);
  const sizes = new Map();
  const sizeOf = (file) => {
    if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(join('.next', file))).length / 1_000);
    return sizes.get(file);
  };
  const sum = (files) => [...files].reduce((kb, file) => kb + sizeOf(file), 0);
  const measured = routes
    .map(({ route, files, later }) => ({
      route,
      kb: sum(files),
      laterKb: sum([...later].filter((file) => !files.has(file))),
    }))
    .sort((a, b) => b.kb - a.kb);
  console.log(
    `First load of each route in KB of JavaScript, gzip (limit ${LIMIT_KB}); + all parts that may come later`,
  );
  for (const { route, kb, laterKb } of measured)
    console.log(`${kb.toFixed(1).padStart(7)} + ${laterKb.toFixed(1).padStart(5)}  ${route}`);
  const over = measured.filter(({ kb }) => kb > LIMIT_KB);
  if (over.length > 0) throw new Refusal(`${over.length} routes load more than ${LIMIT_KB} KB of JavaScript first.`);
}

function manifests(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name === MANIFEST)
    .map((entry) => join(entry.parentPath, entry.name));
}

/** "/clusters/[env]": a group in parentheses is no part of the address. */
function routeOf(file) {
  const path = file.slice(PAGES.length, -MANIFEST.length - 1).replaceAll(/\/\([^)]*\)/g, '');
  return path === '' ? '/' : path;
}

/** What the page and its layouts name; the manifest is a script that writes it down. */
function filesOf(file) {
  const context = createContext({});
  new Script(readFileSync(file, 'utf8')).runInContext(context);
  const [manifest] = Object.values(context.__RSC_MANIFEST);
  return Object.values(manifest.entryJSFiles).flat();
}

function laterFilesOf(file) {
  const parts = Object.values(readJson(file.replace(MANIFEST, LATER)));
  return parts.flatMap(({ files }) => files.filter((one) => one.endsWith('.js')));
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) run(checkRoutes);
