import type { KpiRegistration } from '@myriad/contracts';
import { hashUnit, normalSampler, seededRandom } from '@myriad/lift';
import { expect, test } from 'vitest';
import { dayMs, kpiOf, type MemoryHouse, openMemoryHouse, start } from '../test/memory-house.ts';
import { createCockpit } from './create-cockpit.ts';

/** Thirty days of users of one app: normal outcomes, mean 10, spread 3, and an effect on the treated. */
function live(
  house: MemoryHouse,
  name: string,
  options: { effect: number; units?: number; seed?: number; leak?: number },
) {
  const { effect, units = 1_500, seed = 1, leak = 0 } = options;
  const kpi = kpiOf('orders', {});
  const app = house.addApp(name, kpi);
  const random = seededRandom(seed);
  const normal = normalSampler(random);
  for (let index = 0; index < units; index += 1) {
    const unit = `${name}-${index}`;
    const time = start + Math.floor((index * 30 * dayMs) / units);
    const assigned = hashUnit(`${name}:orders`, unit) < 0.5 ? 'holdout' : 'treatment';
    const delivered = assigned === 'holdout' && random() < leak ? 'treatment' : assigned;
    house.expose(app, unit, assigned, time, delivered);
    house.event('orders', unit, 10 + 3 * normal() + (delivered === 'treatment' ? effect : 0), time + 3_600_000);
  }
  house.now = Math.max(house.now, start + 31 * dayMs);
  return app;
}

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

test('[C1] events count from the exposure to the end of the window; earlier, later and strangers are counted as such', async () => {
  const house = openMemoryHouse();
  const app = house.addApp('desk', kpiOf('orders'));
  house.event('orders', 'u1', 50, start - dayMs);
  house.event('orders', 'u1', 3, start + 5);
  house.expose(app, 'u1', 'treatment', start);
  house.event('orders', 'u1', 4, start + dayMs);
  house.event('orders', 'u1', -1, start + 2 * dayMs, start + 9 * dayMs);
  house.event('orders', 'u1', 99, start + 7 * dayMs);
  house.event('orders', 'stranger', 7, start + dayMs);
  house.event('visits', 'u1', 7, start + dayMs);
  const cockpit = await createCockpit(house);
  const lift = await cockpit.appLift('desk');
  // 3 came before its exposure was written and counts all the same
  expect(lift.arms[1]).toMatchObject({ units: 1, sum: 3 + 4 - 1 });
  expect(lift.counted).toMatchObject({
    counted: 3,
    beforeExposure: 1,
    afterWindow: 1,
    unknownUnits: 1,
    corrections: 1,
    late: 1,
  });
  expect(lift.row.verdict).toBe('Too early');
  expect(lift.row.absolute).toBeNull();
});

test('[C2] reading the log in any pieces, or anew after a kill, gives the same sums bit for bit', async () => {
  const house = openMemoryHouse();
  const cockpit = await createCockpit(house);
  const whole = openMemoryHouse();
  live(whole, 'desk', { effect: 1, units: 400 });
  house.addApp('desk', kpiOf('orders'));
  // the same log, given out a few entries at a time between readings
  for (let at = 0; at < whole.events.length; at += 1) {
    const exposure = whole.exposures[at];
    const event = whole.events[at];
    if (exposure) house.exposures.push(exposure);
    if (at % 7 === 3) await cockpit.refresh();
    if (event) house.events.push(event);
    if (at % 11 === 5) await cockpit.refresh();
  }
  const running = (await cockpit.health()).fingerprint;
  const reborn = (await (await createCockpit(house)).health()).fingerprint;
  expect(reborn).toBe(running);
  expect(await cockpit.replay()).toMatchObject({ identical: true, exposures: 400, events: 400 });
  house.event('orders', 'desk-3', 1, start + dayMs);
  expect((await cockpit.health()).fingerprint).not.toBe(running);
});

test('[C3] the true effect lies in the interval in 19 of 20 companies, and at every look of most', async () => {
  let inside = 0;
  let always = 0;
  for (let seed = 1; seed <= 40; seed += 1) {
    const house = openMemoryHouse();
    live(house, `desk${seed}`, { effect: 0.8, units: 600, seed });
    const lift = await (await createCockpit(house)).appLift(`desk${seed}`);
    const holds = ({ low, high }: { low: number | null; high: number | null }) =>
      (low ?? -Infinity) <= 0.8 && 0.8 <= (high ?? Infinity);
    if (lift.row.absolute && holds(lift.row.absolute)) inside += 1;
    expect(lift.sequence.length).toBeGreaterThan(50);
    if (lift.sequence.every(({ effect }) => holds(effect))) always += 1;
  }
  expect(inside).toBeGreaterThanOrEqual(38);
  expect(always).toBeGreaterThanOrEqual(36);
});

test('[C4] a gain grows and is paid for by its shrunken value; an app without effect does not, a harmful one is retired', async () => {
  const house = openMemoryHouse();
  live(house, 'gain', { effect: 2, seed: 2 });
  live(house, 'nothing', { effect: 0, seed: 3 });
  live(house, 'harm', { effect: -2, seed: 4 });
  house.spent.set('gain', 5_000_000);
  const cockpit = await createCockpit(house);
  const { rows, headline } = await cockpit.portfolio();
  const row = (name: string) => rows.find(({ app }) => app === name);
  expect(row('gain')).toMatchObject({ verdict: 'Grow', selected: true, blocked: false, spentMicros: 5_000_000 });
  expect(row('harm')?.verdict).toBe('Retire');
  expect(['Grow', 'Retire']).not.toContain(row('nothing')?.verdict);
  const gain = row('gain');
  const treated = (await cockpit.appLift('gain')).arms[1]?.units ?? 0;
  expect(gain?.earned?.estimate).toBe(Math.round((gain?.shrunken ?? 0) * treated * 1_000_000));
  expect(gain?.net?.estimate).toBe((gain?.earned?.estimate ?? 0) - 5_000_000);
  expect(headline.sentence.en).toContain('3 apps earned');
});

test('[C5] broken assignment and delivery block the verdict and every share', async () => {
  const house = openMemoryHouse();
  const broken = house.addApp('broken', kpiOf('orders'));
  for (let index = 0; index < 1_200; index += 1) {
    house.expose(broken, `b${index}`, index % 3 === 0 ? 'holdout' : 'treatment', start + index);
    house.event('orders', `b${index}`, (index % 5) + (index % 3 === 0 ? 0 : 3), start + index + 1);
  }
  live(house, 'leaky', { effect: 2, leak: 0.3 });
  const cockpit = await createCockpit(house);
  const { rows } = await cockpit.portfolio();
  expect(rows.find(({ app }) => app === 'broken')?.blockedReason).toBe('sample_ratio_mismatch');
  expect(rows.find(({ app }) => app === 'leaky')?.blockedReason).toBe('contaminated');
  expect((await cockpit.propose()).filter(({ kind }) => kind === 'share')).toEqual([]);
});

test('[C6] a decision is proposed, approved, applied to the scheduler, audited, applied again at boot, and undone', async () => {
  const house = openMemoryHouse();
  live(house, 'gain', { effect: 2 });
  live(house, 'other', { effect: 0, seed: 9 });
  const cockpit = await createCockpit(house);
  const [decision, ...more] = await cockpit.propose();
  expect(more).toEqual([]);
  expect(decision).toMatchObject({ kind: 'share', app: 'gain', status: 'proposed', from: 1 });
  expect(decision?.to).toBeCloseTo(1.25, 10);
  expect(await cockpit.propose()).toEqual([]);
  expect(house.given).toEqual([]);
  const id = decision?.id ?? '';
  await cockpit.decide(id, 'approve', 'per_owner');
  expect(house.given.at(-1)?.get('app_gain')).toBeCloseTo(1.25, 10);
  await expect(cockpit.decide(id, 'approve', 'per_owner')).rejects.toMatchObject({ code: 'conflict' });
  const reborn = await createCockpit(house);
  await reborn.start();
  expect(house.given.at(-1)?.get('app_gain')).toBeCloseTo(1.25, 10);
  expect((await reborn.portfolio()).rows.find(({ app }) => app === 'gain')?.share).toBeCloseTo(1.25, 10);
  expect(await reborn.propose()).toEqual([]);
  house.now += dayMs;
  expect((await reborn.propose())[0]?.to).toBeCloseTo(1.5625, 10);
  await reborn.decide(id, 'undo', 'per_owner');
  expect(house.given.at(-1)?.size).toBe(0);
  expect(house.audited.map(({ action }) => action)).toEqual([
    'decision.propose',
    'decision.apply',
    'decision.propose',
    'decision.undo',
  ]);
  await reborn.close();
});

test('[C6] an effect that looks clear on few units moves no share', async () => {
  const house = openMemoryHouse();
  live(house, 'early', { effect: 9, units: 150 });
  const cockpit = await createCockpit(house);
  const { rows } = await cockpit.portfolio();
  expect(rows[0]?.absolute?.low).toBeGreaterThan(0);
  expect(rows[0]?.verdict).toBe('Too early');
  expect(await cockpit.propose()).toEqual([]);
});

test('[C7] inside the limits of the owner shares move by themselves; outside they ask', async () => {
  const house = openMemoryHouse();
  live(house, 'gain', { effect: 2 });
  live(house, 'harm', { effect: -2, seed: 4 });
  const cockpit = await createCockpit(house);
  await cockpit.setLimits(
    { automaticShares: true, lowestShare: 0.9, highestShare: 1.3, automaticStops: false },
    'per_owner',
  );
  const made = await cockpit.propose();
  const brief = made.map(({ kind, app, status, decidedBy }) => [kind, app, status, decidedBy]);
  expect(brief).toContainEqual(['share', 'gain', 'applied', 'automatic']);
  expect(brief).toContainEqual(['share', 'harm', 'proposed', null]);
  expect(brief).toContainEqual(['stop', 'harm', 'proposed', null]);
});

test('[C8] everything stops at once, and only what ran before starts again', async () => {
  const house = openMemoryHouse();
  house.addApp('desk', null);
  const cockpit = await createCockpit(house);
  await cockpit.stop({ what: 'everything' }, 'per_owner');
  expect(house.models().map(({ enabled }) => enabled)).toEqual([false, false]);
  const { state } = await cockpit.stop({ what: 'everything', resume: true }, 'per_owner');
  expect(state.everything).toBe(false);
  expect(house.models().map(({ enabled }) => enabled)).toEqual([true, false]);
  const { decision } = await cockpit.stop({ what: 'app', name: 'desk' }, 'per_owner');
  expect((await house.store.apps.byId('app_desk'))?.status).toBe('stopped');
  await cockpit.decide(decision.id, 'undo', 'per_owner');
  expect((await house.store.apps.byId('app_desk'))?.status).toBe('published');
  await expect(cockpit.stop({ what: 'model', name: 'none' }, 'x')).rejects.toMatchObject({ code: 'model_not_found' });
});

test('[C9] a KPI is frozen at first exposure: its worth may change, its measure only by a restart', async () => {
  const house = openMemoryHouse();
  const cockpit = await createCockpit(house);
  await cockpit.saveKpi('orders', orders, 'finance', false);
  expect((await cockpit.saveKpi('orders', { ...orders, cap: 100 }, 'finance', false)).version).toBe(2);
  live(house, 'gain', { effect: 2 });
  expect((await cockpit.portfolio()).rows[0]?.units).toBe(1_500);
  expect((await cockpit.kpi('orders')).kpi.frozenAt).toBe(start);
  await expect(cockpit.saveKpi('orders', { ...orders, cap: 50 }, 'finance', false)).rejects.toMatchObject({
    code: 'conflict',
  });
  const dearer = await cockpit.saveKpi(
    'orders',
    { ...orders, cap: 100, valueMicrosPerUnit: 4_000_000 },
    'finance',
    false,
  );
  expect(dearer).toMatchObject({ version: 3, frozenAt: start });
  await cockpit.saveKpi('orders', { ...orders, cap: 50 }, 'finance', true);
  expect((await cockpit.portfolio()).rows[0]?.units ?? 0).toBe(0);
  expect((await cockpit.kpi('orders')).versions.map(({ version }) => version)).toEqual([4, 3, 2, 1]);
});

test('[C10] apps without effect gain no share in at least 95 % of companies', async () => {
  let gained = 0;
  for (let seed = 1; seed <= 60; seed += 1) {
    const house = openMemoryHouse();
    live(house, `null${seed}`, { effect: 0, units: 400, seed: 500 + seed });
    const made = await (await createCockpit(house)).propose();
    if (made.some(({ kind, to }) => kind === 'share' && (to ?? 0) > 1)) gained += 1;
  }
  expect(gained).toBeLessThanOrEqual(3);
});

test('[C11] history before exposure narrows the interval and moves no truth', async () => {
  const widths: number[] = [];
  for (const historyMs of [null, 30 * dayMs]) {
    const house = openMemoryHouse();
    const cockpit = await createCockpit(house);
    await cockpit.saveKpi('orders', { ...orders, historyMs }, 'finance', false);
    const app = house.addApp('desk', kpiOf('orders'));
    const normal = normalSampler(seededRandom(8));
    for (let index = 0; index < 800; index += 1) {
      const habit = 10 + 5 * normal();
      const time = start + 10 * dayMs + index * 60_000;
      const treated = hashUnit('desk:orders', `u${index}`) >= 0.5;
      house.event('orders', `u${index}`, habit + normal(), time - dayMs);
      house.expose(app, `u${index}`, treated ? 'treatment' : 'holdout', time);
      house.event('orders', `u${index}`, habit + normal() + (treated ? 1 : 0), time + 1_000);
    }
    const { absolute } = (await cockpit.appLift('desk')).row;
    expect(absolute?.low).toBeLessThan(1);
    expect(absolute?.high).toBeGreaterThan(1);
    widths.push((absolute?.high ?? 0) - (absolute?.low ?? 0));
  }
  expect(widths[1]).toBeLessThan(0.5 * (widths[0] ?? 0));
});
