import { spawn } from 'node:child_process';
import { z } from 'zod';
import type { HookRules } from '../../../contract/hooks.ts';
import type { InfrakitSettings } from '../../../contract/infrakit-settings.ts';
import type { Description } from '../../../domain/instance/plugin.ts';
import { askOutside, filledUrl, NotReachable } from './outbound.ts';

/** What a hook is given, as JSON: posted to its URL, or on the standard input of its command. */
interface Question {
  /** `drain` comes with the order, perhaps more than once; `status` whenever somebody looks. */
  readonly action: 'drain' | 'status';
  readonly instance: Pick<Description, 'id' | 'logicalId' | 'tags'>;
  /** Epoch milliseconds. */
  readonly drainingSince: number;
}

const answerSchema = z.object({ drained: z.boolean() });

/** A hook that cannot be asked as the settings stand: asking again changes nothing. */
export class HookRefused extends Error {
  override readonly name = 'HookRefused';
}

/** Whether the machine is drained, says the hook. Rejects where it does not say within its limit. */
export async function askDrainHook(
  hook: NonNullable<InfrakitSettings['drainHook']>,
  question: Question,
  rules: HookRules,
  signal: AbortSignal,
): Promise<boolean> {
  const text = JSON.stringify(question);
  const answer =
    'url' in hook
      ? await askUrl(hook.url, question, text, rules, signal)
      : await askCommand(hook.command, text, rules, signal);
  return answerSchema.parse(JSON.parse(answer)).drained;
}

async function askUrl(template: string, { instance }: Question, body: string, rules: HookRules, signal: AbortSignal) {
  const url = filledUrl(template, { ...instance, properties: null });
  if (url === null) {
    throw new HookRefused(
      `no URL comes of the drain hook ${template} for ${instance.id}: it lacks what is named there, or it is too long`,
    );
  }
  try {
    const { status, text } = await askOutside(url, { method: 'POST', body, signal }, rules);
    if (status < 200 || status > 299) throw new Error(`the drain hook answered with status ${status}`);
    return text;
  } catch (cause) {
    throw cause instanceof NotReachable ? new HookRefused(`drain hook: ${cause.message}`, { cause }) : cause;
  }
}

const OUTPUT_LIMIT_CHARACTERS = 65_536;

/** Without a shell, and without anything of our own environment. It is ended by force when its time is over. */
function askCommand(name: string, input: string, { commands }: HookRules, signal: AbortSignal): Promise<string> {
  const [program, ...given] = commands[name] ?? [];
  if (program === undefined) throw new HookRefused(`the server's file of hooks has no command ${JSON.stringify(name)}`);
  return new Promise((resolve, reject) => {
    const child = spawn(program, given, {
      env: { NODE_ENV: 'production', PATH: '/usr/local/bin:/usr/bin:/bin' },
      cwd: '/',
      stdio: ['pipe', 'pipe', 'ignore'],
      signal,
      killSignal: 'SIGKILL',
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > OUTPUT_LIMIT_CHARACTERS) child.kill('SIGKILL');
    });
    child.once('error', reject);
    child.once('close', (code, ended) => {
      if (code === 0) resolve(output);
      else reject(new Error(`the drain hook ended with ${ended ?? `code ${code}`}`));
    });
    // A command may end without having read what it is given.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
