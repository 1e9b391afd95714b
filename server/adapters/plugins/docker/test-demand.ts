/** By the variable `CI`: an engine is installed there, so tests that need one may not be left out. */
export function isEngineRequired(ci: string | undefined): boolean {
  return ci !== undefined && ci !== '';
}

/** What is reported of tests for which no engine can be run. Throws where the run demands one. */
export function notRun(what: string, why: string, engineRequired: boolean): string {
  if (engineRequired) throw new Error(`${what} needs a Docker engine: ${why}`);
  return `NOT RUN: ${what}. It needs a Docker engine: ${why}`;
}
