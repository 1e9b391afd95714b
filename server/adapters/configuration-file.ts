import { readFile } from 'node:fs/promises';
import type { ConfiguredFile } from '../contract/installation.ts';

/** The file's text, or why it cannot be read. */
export async function readConfigurationFile(path: string): Promise<ConfiguredFile> {
  try {
    return { path, text: await readFile(path, 'utf8'), failure: null };
  } catch (error) {
    return { path, text: null, failure: error instanceof Error ? error.message : String(error) };
  }
}
