import { spawn } from 'node:child_process';
import { Refusal } from './refusal.mjs';

/** Runs a program of Node's to its end. Its output is shown only when it fails. */
export async function runQuietly(what, command, args, env = process.env) {
  const { code, output } = await capture(command, args, env);
  if (code !== 0) throw new Refusal(`${what} failed (${code}):\n${output.trim()}`);
  return output;
}

/** Runs a program with our output; resolves with its exit code. */
export function runLoudly(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
}

/** Runs a program; resolves with its exit code and everything that it printed. */
export function capture(command, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const end = () => child.kill();
    process.once('exit', end);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('exit', end);
      resolve({ code: code ?? signal, output });
    });
  });
}
