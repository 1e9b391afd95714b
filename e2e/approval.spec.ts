import { expect } from '@playwright/test';
import { test } from './fixtures.ts';
import { ClusterPage } from './pages/cluster-page.ts';
import { CyclePage } from './pages/cycle-page.ts';
import { DeclarePage } from './pages/declare-page.ts';
import { PlanPage } from './pages/plan-page.ts';
import { PreviewPage } from './pages/preview-page.ts';
import { refusalOf } from './procedure.ts';
import { inDatabase } from './stack.ts';

test('a plan is refused after a change that matters', async ({ operator, administrator }) => {
  const preview = new PreviewPage(operator);
  await preview.open('demo/reports', '?canary=3');
  await preview.tickWarnings();
  const saving = operator.waitForRequest(/plan\.create/);
  const planId = await preview.savePlan();
  const { fingerprint } = (await saving).postDataJSON()[0];
  const plan = new PlanPage(operator);
  await expect(plan.verdict('Fresh.')).toBeVisible();

  await new ClusterPage(administrator, 'demo/reports').changeSpec('m7.large', 'm7.xlarge');

  await expect(plan.verdict('Changed, and it matters.')).toBeVisible();
  await expect(operator.getByText(/^the target configuration is /)).toBeVisible();
  await expect(plan.approve).toBeDisabled();
  expect(await refusalOf(operator, 'plan.approve', { planId, fingerprint })).toBe('PLAN_STALE');
  await operator.getByRole('link', { name: 'Preview again' }).click();
  await expect(operator).toHaveURL(new RegExp(`/plans/${planId}/compare/now$`));

  // Beside it stands what would be planned now with the same knobs, which is saved from there.
  const main = operator.getByRole('main');
  await expect(main.getByText('An approval of one does not hold for the other.')).toBeVisible();
  const values = main.getByRole('table', { name: 'Values of both plans' });
  await expect(values.getByRole('columnheader')).toHaveText(['Value', /^Plan of \d\d:\d\d:\d\d$/, 'Now']);
  const configuration = values.getByRole('row', { name: /^Configuration/ });
  await expect(configuration.getByRole('deletion')).toHaveText('v1 → v2');
  await expect(configuration.getByRole('insertion')).toHaveText('v1, v2 → v3');
  const replaces = values.getByRole('row', { name: /^Replaces/ });
  await expect(replaces.getByRole('deletion')).toHaveText('9 instances');
  await expect(replaces.getByRole('insertion')).toHaveText('24 instances');
  await expect(values.getByRole('row', { name: /^Canary/ })).toBeHidden();
  for (const name of [/^Forecast, Plan of \d\d:\d\d:\d\d$/, /^Forecast, Now$/]) {
    await expect(main.getByRole('region', { name }).getByRole('slider')).toBeVisible();
  }
  const decisions = main.getByRole('table', { name: 'Instances with another decision' });
  await expect(decisions.getByRole('row').nth(1).getByRole('cell')).toHaveText([/^keep/, /^replace/]);
  await preview.tickWarnings();
  const again = await preview.savePlan();
  expect(again).not.toBe(planId);
  await expect(plan.verdict('Fresh.')).toBeVisible();
  const planned = main.getByRole('region', { name: 'Planned with' });
  await expect(planned).toContainText('1 changed by the author');
  await expect(planned.getByText('3 changed', { exact: true })).toBeVisible();
  await expect(plan.approve).toBeEnabled();
});

test('a plan is accepted after a change that does no harm', async ({ operator }) => {
  const preview = new PreviewPage(operator);
  await preview.open('demo/edge');
  await preview.tickWarnings();
  await preview.savePlan();
  const plan = new PlanPage(operator);
  await expect(plan.verdict('Fresh.')).toBeVisible();

  // The world takes away an instance that the plan does not touch.
  await inDatabase(
    `update sim_instance set gone_at = now() where id = (
       select id from sim_instance where cluster_id = 'clu_demo_edge' and gone_at is null
         and properties = (select spec from cluster where id = 'clu_demo_edge') limit 1)`,
  );

  await expect(plan.verdict('Changed, harmless.')).toBeVisible({ timeout: 30_000 });
  await expect(operator.getByText(/ is gone \(harmless\)$/)).toBeVisible();
  await plan.approveAndConfirm();
  await new CyclePage(operator, 'demo/edge').expectState('running');
});

test('who made a plan may not approve it where the environment forbids it, nor may a viewer', async ({
  administrator,
  operator,
  viewer,
}) => {
  await inDatabase(
    `insert into environment (id, name, kind, self_approval) values ('env_strict', 'strict', 'simulator', false)`,
  );
  await new DeclarePage(administrator).declare('strict', 'vault');
  const preview = new PreviewPage(administrator);
  await preview.open('strict/vault');
  await preview.tickWarnings();
  await expect(administrator.getByText('Somebody else must approve it: you will be its author.')).toBeVisible();
  const saving = administrator.waitForRequest(/plan\.create/);
  const planId = await preview.savePlan();
  const { fingerprint } = (await saving).postDataJSON()[0];
  const decision = { planId, fingerprint };

  const own = new PlanPage(administrator);
  await expect(administrator.getByText('The author may not approve.')).toBeVisible();
  await expect(own.approve).toBeDisabled();
  expect(await refusalOf(administrator, 'plan.approve', decision)).toBe('SELF_APPROVAL');

  const seen = new PlanPage(viewer);
  await seen.open(planId);
  await expect(seen.approve).toBeDisabled();
  await expect(viewer.getByRole('button', { name: 'Reject…' })).toBeHidden();
  expect(await refusalOf(viewer, 'plan.approve', decision)).toBe('FORBIDDEN');

  await operator.goto('/cycles');
  await operator
    .getByRole('listitem')
    .filter({ hasText: 'strict/vault' })
    .getByRole('link', { name: 'Review' })
    .click();
  await new PlanPage(operator).approveAndConfirm();
  await expect(administrator.getByText('Approved.')).toBeVisible();
});

test('an operator cannot edit a cluster', async ({ operator }) => {
  const cluster = new ClusterPage(operator, 'local/api');
  await cluster.open();
  await expect(cluster.edit).toBeHidden();
  await cluster.open('?tab=config&edit=true');
  await expect(operator.getByRole('region', { name: 'Declared now' })).toBeVisible();
  await expect(cluster.form).toBeHidden();
  expect(await refusalOf(operator, 'cluster.edit', { clusterId: 'clu_local_api', maxSize: 6 })).toBe('FORBIDDEN');
  expect(await refusalOf(operator, 'cluster.remove', { clusterId: 'clu_local_api' })).toBe('FORBIDDEN');
});
