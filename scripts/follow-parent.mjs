import { Socket } from 'node:net';

// Imported first into web and worker by `npm start`, which holds the other end of their standard input: when it is gone,
// however it went, they end too.
const HARD_END_MS = 15_000;

// A process that one of the two starts in turn has the import too, and for input a file or nothing: nobody to follow.
if (process.stdin instanceof Socket) {
  process.stdin.once('close', () => {
    setTimeout(() => process.exit(1), HARD_END_MS).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  process.stdin.resume();
  process.stdin.unref();
}
