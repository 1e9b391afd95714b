import { expect, type Page } from '@playwright/test';
import { z } from 'zod';
import { test } from './fixtures.ts';
import { ClusterPage } from './pages/cluster-page.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { driverOnly, NewSessionPage } from './pages/new-session-page.ts';
import { PlanPage } from './pages/plan-page.ts';
import { PreviewPage } from './pages/preview-page.ts';
import { SessionPage } from './pages/session-page.ts';
import { answerOf } from './procedure.ts';

test('a cycle of the machines of a pool waits for the sessions on them, and gives new ones nothing that goes', async ({
  administrator,
  operator,
}) => {
  test.setTimeout(300_000);
  const cluster = 'local/workers';
  const long = await new NewSessionPage(operator).submitYaml(driverOnly('enduring', 'sleep 50; echo all of it'));
  await new SessionPage(operator).expectStanding('enduring', 'Running');
  await new ClusterPage(administrator, cluster).changeVersion('2');

  const preview = new PreviewPage(administrator);
  await preview.open(cluster);
  const warning = administrator.getByRole('main').getByText(/^2 sessions hold 3 machines that would be replaced: /);
  await expect(warning).toContainText(/checkout-soak \(m-\w+, m-\w+\)/);
  await expect(warning).toContainText(/enduring \(m-\w+\)/);
  await expect(warning).toContainText('up to the drain timeout of 1 min, then pauses and asks.');
  await preview.tickWarnings();
  await preview.savePlan();
  const cycleId = await new PlanPage(administrator).approveAndConfirm();
  const cycle = new CyclePage(administrator, cluster);
  await cycle.expectInWork();

  const meanwhile = await new NewSessionPage(operator).submitYaml(driverOnly('meanwhile', 'sleep 3; echo on time'));
  await expectUndisturbed(operator, cycleId, meanwhile);
  const page = new SessionPage(operator);
  await page.expectStanding('meanwhile', 'Succeeded');
  await page.open(long);
  await page.expectStanding('enduring', 'Succeeded', 90_000);
  await expect(page.logLine('all of it')).toBeVisible();

  await cycle.expectState('paused', 150_000);
  await expect(cycle.lead(/did not drain in time\. Still held: .*\(session checkout-soak\)/)).toBeVisible();
  await page.openFromList('checkout-soak');
  await page.expectStanding('checkout-soak', 'Running');
  await page.finishAndConfirm();
  await page.expectStanding('checkout-soak', 'Finished');

  await cycle.resume.click();
  await cycle.expectState('completed', 120_000);
  await expect(cycle.progress).toHaveAccessibleName('5 of 5 replaced');
});

const cycleSchema = z.object({ instances: z.array(z.object({ instanceId: z.string(), state: z.string() })) });
const sessionSchema = z.object({
  outcome: z.string().nullable(),
  machines: z.array(z.object({ instanceId: z.string() })),
});

/** Until the session is over, none of its machines leaves service. */
async function expectUndisturbed(page: Page, cycleId: string, sessionId: string): Promise<void> {
  let looks = 0;
  for (;;) {
    // The session is read last: when it still goes on, it did so when its machines were looked at.
    const { instances } = await answerOf(page, 'cycle.byId', { cycleId }, cycleSchema);
    const { outcome, machines } = await answerOf(page, 'session.byId', { sessionId }, sessionSchema);
    if (outcome !== null) break;
    for (const { instanceId } of machines) {
      const seen = instances.find((instance) => instance.instanceId === instanceId);
      expect(seen?.state, `${instanceId} of a session`).toBe('started');
      looks += 1;
    }
    await page.waitForTimeout(250);
  }
  expect(looks).toBeGreaterThan(0);
}
