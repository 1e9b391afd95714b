import type { Page } from '@playwright/test';
import { z } from 'zod';
import { address } from './stack.ts';

const failureSchema = z.object({
  error: z.object({ data: z.object({ httpStatus: z.number(), domain: z.object({ code: z.string() }).nullable() }) }),
});

/**
 * Posts to a procedure as the person of the page, past every button: what the server answers to somebody who does not
 * use the pages. Null when it was accepted, else the code of the refusal.
 */
export async function refusalOf(page: Page, procedure: string, input: object): Promise<string | null> {
  const response = await page.request.post(`/api/trpc/${procedure}`, {
    headers: { origin: address() },
    data: input,
  });
  if (response.ok()) return null;
  const { data } = failureSchema.parse(await response.json()).error;
  return data.domain?.code ?? String(data.httpStatus);
}

/** What a procedure answers to the person of the page, past every page. */
export async function answerOf<Answer>(
  page: Page,
  procedure: string,
  input: object,
  schema: z.ZodType<Answer>,
): Promise<Answer> {
  const search = new URLSearchParams({ input: JSON.stringify(input) });
  const response = await page.request.get(`/api/trpc/${procedure}?${search}`);
  return z.object({ result: z.object({ data: schema }) }).parse(await response.json()).result.data;
}

const environmentsSchema = z.array(z.object({ id: z.string(), name: z.string() }));

export async function environmentId(page: Page, environment: string): Promise<string> {
  const environments = await answerOf(page, 'environment.list', {}, environmentsSchema);
  const found = environments.find(({ name }) => name === environment);
  if (found === undefined) throw new Error(`There is no environment ${environment}.`);
  return found.id;
}
