import type { ExperimentRequest, KpiRegistration } from '@myriad/contracts';
import { hashUnit, normalSampler, seededRandom } from '@myriad/lift';
import { expect, test } from 'vitest';
import { dayMs, kpiOf, type MemoryHouse, openMemoryHouse, start } from '../../test/memory-house.ts';
import type { Cockpit } from '../cockpit.ts';
import { createCockpit } from '../create-cockpit.ts';

const orders: KpiRegistration = {
  title: { en: 'Orders', zh: '订单' },
  type: 'mean',
  direction: 'increase',
  unit: 'orders',
  windowMs: 7 * dayMs,
  valueMicrosPerUnit: 2_000_000,
  currency: 'USD',
  cap: null,
  denominator: null,
  historyMs: null,
  owner: 'finance',
  role: 'goal',
};

const request: ExperimentRequest = {
  app: 'desk',
  control: 'version:2',
  treatment: 'current',
  guardrails: ['complaints'],
};

async function opened() {
  const house = openMemoryHouse();
  const app = house.addApp('desk', kpiOf('orders'));
  const cockpit = await createCockpit(house);
  await cockpit.saveKpi('orders', orders, 'tester', false);
  await cockpit.saveKpi('complaints', { ...orders, direction: 'decrease', role: 'guardrail' }, 'tester', false);
  return { house, app, cockpit };
}

/** Units of a started experiment, by its own hash, with what their arm does to the KPI. */
async function live(
  { house, cockpit }: { house: MemoryHouse; cockpit: Cockpit },
  experiment: { readonly key: string; readonly controlRatio: number },
  effect: number,
  options: { units?: number; seed?: number; app?: string } = {},
) {
  const { units = 3_000, seed = 4, app = 'desk' } = options;
  const random = seededRandom(seed);
  const normal = normalSampler(random);
  for (let index = 0; index < units; index += 1) {
    const unit = `${app}-${index}`;
    const time = house.now + Math.floor((index * 20 * dayMs) / units);
    const assigned = hashUnit(experiment.key, unit) < experiment.controlRatio ? 'holdout' : 'treatment';
    house.exposeIn(experiment.key, app, unit, assigned, time);
    house.event('orders', unit, 10 + 2 * normal() + (assigned === 'treatment' ? effect : 0), time + 3_600_000);
    house.event('complaints', unit, 1 + normal(), time + 3_600_000);
  }
  house.now += 21 * dayMs;
  await cockpit.refresh();
}

test('[X1] a plan says what stands in the way, in both languages, and nothing is written by asking', async () => {
  const { house, cockpit } = await opened();
  const before = house.settings.size;
  const plan = await cockpit.planExperiment({
    ...request,
    guardrails: [],
    control: 'version:9',
    treatment: 'version:9',
  });
  const said = plan.problems.map(({ en }) => en).join(' ');
  expect(said).toContain('guardrail');
  expect(said).toContain('no version 9');
  expect(said).toContain('same');
  expect(plan.problems.every(({ zh }) => zh.length > 4)).toBe(true);
  expect(plan).toMatchObject({ basis: 'unknown', unitsNeeded: null, weeks: [] });
  expect((await cockpit.planExperiment({ ...request, treatment: 'base:gone' })).problems[0]!.en).toContain('"gone"');
  expect((await cockpit.planExperiment({ ...request, kpi: 'clicks' })).problems[0]!.en).toContain('clicks');
  await expect(cockpit.planExperiment({ ...request, control: 'version:0' })).rejects.toMatchObject({
    code: 'invalid_request',
  });
  await expect(cockpit.planExperiment({ ...request, app: 'ghost' })).rejects.toMatchObject({ code: 'app_not_found' });
  await expect(cockpit.startExperiment({ ...request, guardrails: [] }, 'ana')).rejects.toMatchObject({
    code: 'invalid_request',
  });
  expect(house.settings.size).toBe(before);
});

test('[X2] time to a verdict and power by week follow from mean, spread and traffic', async () => {
  const { cockpit } = await opened();
  const wanted = { ...request, mean: 10, standardDeviation: 3, unitsPerDay: 200, goalRatio: 0.05 };
  const plan = await cockpit.planExperiment(wanted);
  expect(plan.problems).toEqual([]);
  // 3²·4/N·(multiplier + 0.84)² ≤ 0.5²: near 2,300 units under a sequence tightest at 5,000
  expect(plan.unitsNeeded!).toBeGreaterThan(1_500);
  expect(plan.unitsNeeded!).toBeLessThan(3_500);
  expect(plan.timeToVerdictMs! / dayMs).toBeCloseTo(plan.unitsNeeded! / 200, 3);
  const powers = plan.weeks.map(({ power }) => power);
  expect([...powers].sort((a, b) => a - b)).toEqual(powers);
  expect(plan.weeks.at(-1)!.leastEffect!).toBeLessThan(plan.weeks[0]!.leastEffect!);
  const skewed = await cockpit.planExperiment({ ...wanted, controlRatio: 0.1 });
  expect(skewed.unitsNeeded!).toBeGreaterThan(2 * plan.unitsNeeded!);
});

test('[X3] started, measured version against version, shipped, and taken back in one step, each of it audited', async () => {
  const world = await opened();
  const { house, app, cockpit } = world;
  const { experiment, decision } = await cockpit.startExperiment(request, 'ana');
  expect(decision).toMatchObject({ kind: 'start-experiment', status: 'applied', decidedBy: 'ana', canUndo: true });
  expect(cockpit.rules.experiment(app.id)).toMatchObject({ key: experiment.key, control: { serve: 'version' } });
  await expect(cockpit.startExperiment(request, 'ana')).rejects.toMatchObject({ code: 'invalid_request' });
  expect((await cockpit.experiments())[0]).toMatchObject({ id: experiment.id, status: 'waiting', units: 0 });
  await live(world, experiment, -0.8);
  const row = (await cockpit.experiments()).find(({ id }) => id === experiment.id)!;
  expect(row).toMatchObject({ baseline: 'version:2', treatment: 'current', units: 3_000 });
  expect(row.effect!.high!).toBeLessThan(0);
  // a change inside an app says nothing of what the app is worth
  expect((await cockpit.portfolio()).rows).toEqual([]);
  expect((await cockpit.appLift(experiment.key)).row.experiment).toBe(experiment.key);
  const shipped = await cockpit.shipExperiment(experiment.id, 'control', 'ana');
  expect(shipped.experiment).toMatchObject({ status: 'shipped', winner: 'control' });
  expect(shipped.decision).toMatchObject({ kind: 'ship', from: 1, to: 2 });
  expect((await house.store.apps.byId(app.id))!.currentVersion).toBe('v2');
  expect(cockpit.rules.experiment(app.id)).toBeNull();
  await expect(cockpit.shipExperiment(experiment.id, 'control', 'ana')).rejects.toMatchObject({ code: 'conflict' });
  await cockpit.decide(shipped.decision.id, 'undo', 'ben');
  expect((await house.store.apps.byId(app.id))!.currentVersion).toBe('v1');
  expect(cockpit.managedExperiments()[0]).toMatchObject({ status: 'stopped', winner: null });
  expect(house.audited.map(({ action, actor }) => `${action} ${actor}`)).toEqual(
    expect.arrayContaining(['decision.apply ana', 'decision.undo ben']),
  );
});

test('[X4] stopping ends it for new runs, its undo goes on, and all of it is there after a restart', async () => {
  const { house, app, cockpit } = await opened();
  const { experiment } = await cockpit.startExperiment({ ...request, control: 'none', controlRatio: 0.2 }, 'ana');
  const { decision } = await cockpit.stopExperiment(experiment.id, 'ana');
  expect(cockpit.rules.experiment(app.id)).toBeNull();
  await expect(cockpit.stopExperiment(experiment.id, 'ana')).rejects.toMatchObject({ code: 'conflict' });
  await cockpit.decide(decision.id, 'undo', 'ana');
  const again = await createCockpit(house);
  expect(again.rules.experiment(app.id)).toMatchObject({ key: experiment.key, controlRatio: 0.2 });
  await expect(cockpit.stopExperiment('exp_gone', 'ana')).rejects.toMatchObject({ code: 'not_found' });
});

test('[X5] a shipped base model is where all runs go while it is there', async () => {
  const { app, house, cockpit } = await opened();
  await house.setModelEnabled('mdl_2', true);
  const { experiment } = await cockpit.startExperiment(
    { ...request, control: 'base:one', treatment: 'base:two' },
    'ana',
  );
  const { decision } = await cockpit.shipExperiment(experiment.id, 'treatment', 'ana');
  expect(cockpit.rules.route(app.id)).toBe('two');
  expect(cockpit.rules.canServe('two')).toBe(true);
  await house.setModelEnabled('mdl_2', false);
  expect(cockpit.rules.canServe('two')).toBe(false);
  await cockpit.decide(decision.id, 'undo', 'ana');
  expect(cockpit.rules.route(app.id)).toBeNull();
});

test('[X6] units kept from every app tell in money what all apps earned, and count in no app', async () => {
  const { house, cockpit } = await opened();
  house.addApp('till', kpiOf('orders'));
  await cockpit.setGlobalHoldout(0.1, 'ana');
  const random = seededRandom(3);
  const normal = normalSampler(random);
  for (let index = 0; index < 6_000; index += 1) {
    const unit = `u${index}`;
    const held = hashUnit('global-holdout', unit) < 0.1;
    const app = index % 2 ? 'desk' : 'till';
    const time = house.now + index * 60_000;
    house.exposeIn(
      `${app}:orders`,
      app,
      unit,
      held ? 'global_holdout' : hashUnit(`${app}:orders`, unit) < 0.5 ? 'holdout' : 'treatment',
      time,
    );
    house.event('orders', unit, 10 + 2 * normal() + (held ? 0 : 1), time + 1_000);
  }
  house.now += 10 * dayMs;
  const answer = await cockpit.globalHoldout();
  expect(answer.heldOut + answer.treated).toBe(6_000);
  expect(answer.heldOut / 6_000).toBeCloseTo(0.1, 1);
  // an order is worth 2 USD, and everyone else buys one more
  expect(answer.perUnit!.low!).toBeLessThan(2_000_000);
  expect(answer.perUnit!.high!).toBeGreaterThan(2_000_000);
  expect(answer.perUnit!.low!).toBeGreaterThan(0);
  expect(answer.earned!.estimate).toBeCloseTo(answer.perUnit!.estimate * answer.treated, 0);
  const rows = (await cockpit.portfolio()).rows;
  expect(rows.reduce((sum, { units }) => sum + units, 0)).toBe(answer.treated);
  expect((await cockpit.replay()).identical).toBe(true);
  await expect(cockpit.setGlobalHoldout(0.5, 'ana')).rejects.toMatchObject({ code: 'invalid_request' });
});

test('[X7] a model is replaceable only where each of its apps shows it within the margin', async () => {
  const world = await opened();
  const { house, cockpit } = world;
  await house.setModelEnabled('mdl_2', true);
  house.modelSpend.push({ group: 'desk|one', costMicros: 9_000_000, tokens: 1_000 });
  house.modelSpend.push({ group: 'desk|two', costMicros: 1_000_000, tokens: 1_000 });
  const before = await cockpit.consolidation(30);
  expect(before.rows.map(({ state }) => state)).toEqual(['untested', 'untested']);
  const wanted = { ...request, control: 'base:one', treatment: 'base:two' };
  const { experiment } = await cockpit.startExperiment(wanted, 'ana');
  await live(world, experiment, 0, { units: 30_000 });
  const after = await cockpit.consolidation(30);
  const [one] = after.rows;
  expect(one).toMatchObject({ model: 'one', state: 'proven', replacement: 'two', savesMicros: 8_000_000 });
  expect(one!.apps[0]!.kpi).toMatchObject({ experiment: experiment.id, nonInferior: true });
  expect(after.savesMicros).toBe(8_000_000);
});

test('[X8] a budget that binds grows by at most a quarter for an app that surely pays, and shrinks for sure harm', async () => {
  for (const [effect, direction] of [
    [1, 'up'],
    [-1, 'down'],
  ] as const) {
    const world = await opened();
    const { house, app, cockpit } = world;
    house.spent.set('desk', 1_000_000);
    house.budgets.set(app.id, {
      limitMicros: 10_000_000,
      currency: 'USD',
      period: 'month',
      standing: false,
      spentMicros: 9_000_000,
    });
    await live(world, { key: 'desk:orders', controlRatio: 0.5 }, effect);
    const budget = (await cockpit.propose()).find(({ kind }) => kind === 'budget')!;
    expect(budget).toMatchObject({ status: 'proposed', from: null, app: 'desk' });
    expect(budget.to).toBe(direction === 'up' ? 12_500_000 : 7_500_000);
    expect(budget.because.en.length).toBeGreaterThan(20);
    await cockpit.decide(budget.id, 'approve', 'ana');
    expect(house.budgets.get(app.id)).toMatchObject({ limitMicros: budget.to, standing: true });
    // not again within a day
    expect((await cockpit.propose()).filter(({ kind }) => kind === 'budget')).toEqual([]);
    await cockpit.decide(budget.id, 'undo', 'ana');
    expect(house.budgets.get(app.id)).toMatchObject({ limitMicros: 10_000_000, standing: false });
  }
});

test('[X9] inside the owner’s limits a budget is applied by itself, outside it asks', async () => {
  const world = await opened();
  const { house, app, cockpit } = world;
  house.spent.set('desk', 1_000_000);
  house.budgets.set(app.id, {
    limitMicros: 10_000_000,
    currency: 'USD',
    period: 'month',
    standing: false,
    spentMicros: 9_000_000,
  });
  await live(world, { key: 'desk:orders', controlRatio: 0.5 }, 1);
  const limits = { automaticShares: false, lowestShare: 0.75, highestShare: 1.25, automaticStops: false };
  await cockpit.setLimits({ ...limits, automaticBudgets: true, highestBudgetMicros: 11_000_000 }, 'ana');
  const asked = (await cockpit.propose()).find(({ kind }) => kind === 'budget')!;
  expect(asked.status).toBe('proposed');
  await cockpit.decide(asked.id, 'reject', 'ana');
  house.now += 8 * dayMs;
  await cockpit.setLimits({ ...limits, automaticBudgets: true, highestBudgetMicros: 13_000_000 }, 'ana');
  const applied = (await cockpit.propose()).find(({ kind }) => kind === 'budget')!;
  expect(applied).toMatchObject({ status: 'applied', decidedBy: 'automatic', to: 12_500_000 });
});

test('[X10] until a unit is exposed after the start of the time, nothing of before is counted', async () => {
  const { house, cockpit } = await opened();
  house.exposeIn('desk:orders', 'desk', 'early', 'treatment', start);
  house.now = start + dayMs;
  await cockpit.setGlobalHoldout(0.05, 'ana');
  house.exposeIn('desk:orders', 'desk', 'later', 'treatment', start + 2 * dayMs);
  expect(await cockpit.globalHoldout()).toMatchObject({ treated: 1, heldOut: 0, perUnit: null });
});
