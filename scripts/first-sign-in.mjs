import { runQuietly } from './child.mjs';
import { say } from './progress.mjs';

/** Prints a link for the first administrator, while there is none. `args` run server/first-sign-in.ts. */
export async function showFirstSignIn(env, args) {
  const said = await runQuietly('The first sign-in', process.execPath, args, env);
  const { link } = JSON.parse(said);
  if (link !== undefined) say(`Sign in as the first administrator, once and within 15 minutes: ${link}`);
}
