import { afterAll, describe, inject, test } from 'vitest';
import { STOP_MS, startTestEngine, type TestEngine } from './test-daemon.ts';
import { notRun } from './test-demand.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Whether tests fail where no Docker engine can be run. */
    engineRequired: boolean;
  }
}

/**
 * Runs `define` with an engine that lives as long as the tests of this file. Where none can be run, the file fails if
 * the run demands one (as CI does); elsewhere a skipped test and a line on stderr say what was not run, and why.
 */
export async function withTestEngine(what: string, define: (engine: TestEngine) => void): Promise<void> {
  const engine = await startTestEngine();
  if (typeof engine === 'string') {
    const report = notRun(what, engine, inject('engineRequired'));
    console.error(report);
    test.skip(report, () => {});
    return;
  }
  describe(what, () => {
    define(engine);
    afterAll(async () => {
      const left = await engine.stop();
      if (left.length > 0) throw new Error(`The engine left behind: ${left.join(', ')}`);
    }, STOP_MS + 10_000);
  });
}
