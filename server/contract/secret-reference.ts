import { z } from 'zod';
import { dependencyNameSchema } from './session.ts';

const PREFIX = 'secret:';

/** How the text of a certificate or a key begins. */
export const PEM = /-----BEGIN /;
export const PEM_BELONGS =
  'a certificate or a key itself never stands in settings: set it under Sessions, Secrets and configs, and write secret:NAME in its place';

/** The name in `secret:NAME`, as which settings name a secret of the console; null for any other text. */
export function namedSecret(text: string): string | null {
  return text.startsWith(PREFIX) ? text.slice(PREFIX.length) : null;
}

/** A file on the host of each worker, or a secret of the console: what it holds never stands in settings. */
export const fileOrSecretSchema = z.string().superRefine((text, context) => {
  const issue = (message: string) => context.addIssue({ code: 'custom', message });
  const name = namedSecret(text);
  if (PEM.test(text)) return issue(PEM_BELONGS);
  if (name === null) {
    if (!text.startsWith('/')) issue('write an absolute path on the host of the worker, or secret:NAME');
    return;
  }
  const read = dependencyNameSchema.safeParse(name);
  if (read.data !== name) issue(`the name of a secret has ${read.error?.issues[0]?.message ?? 'no spaces around it'}`);
});
