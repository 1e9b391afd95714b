// Imported first of all. What runs before `npm ci` may use only what any Node since 14 understands.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Roundhouse needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
