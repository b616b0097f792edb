import type { KpiRegistration } from '@myriad/contracts';
import { hashUnit, normalSampler, quantileDifference, seededRandom } from '@myriad/lift';
import { expect, test } from 'vitest';
import { dayMs, kpiOf, type MemoryHouse, openMemoryHouse, start } from '../../test/memory-house.ts';
import { createCockpit } from '../create-cockpit.ts';

const wait: KpiRegistration = {
  title: { en: 'Wait', zh: '等待' },
  type: 'quantile',
  direction: 'decrease',
  unit: 'hours',
  windowMs: 7 * dayMs,
  valueMicrosPerUnit: null,
  currency: null,
  cap: null,
  denominator: null,
  quantile: 0.9,
  historyMs: null,
  owner: 'desk',
  role: 'goal',
};

interface Case {
  readonly unit: string;
  readonly treated: boolean;
  readonly time: number;
  readonly total: number;
}

/** Thirty days of cases with skewed waits, each told by two events; the treated wait `scale` times as long. */
function cases(house: MemoryHouse, options: { scale: number; size?: number; seed?: number; metric?: string }) {
  const { scale, size = 2_400, seed = 1, metric = 'wait' } = options;
  const guardrails = metric === 'wait' ? [] : ['wait'];
  const experiment = { unit: 'user', holdoutRatio: 0.5, windowMs: 7 * dayMs, guardrails, baseline: 'none' as const };
  const app = house.addApp('desk', kpiOf(metric, { direction: 'decrease', experiment }));
  const normal = normalSampler(seededRandom(seed));
  const all: Case[] = [];
  for (let index = 0; index < size; index += 1) {
    const unit = `case-${index}`;
    const time = start + Math.floor((index * 30 * dayMs) / size);
    const treated = hashUnit('desk:wait', unit) >= 0.5;
    const half = Math.exp(normal()) * (treated ? scale : 1);
    house.expose(app, unit, treated ? 'treatment' : 'holdout', time);
    house.event('wait', unit, half, time + 1_000);
    house.event('wait', unit, half, time + 2_000);
    if (metric !== 'wait') house.event(metric, unit, 5 + normal(), time + 3_000);
    all.push({ unit, treated, time, total: half + half });
  }
  house.now = start + 31 * dayMs;
  return all;
}

/** The KPI is registered before anybody meets the app. */
async function judged(options: Parameters<typeof cases>[1], registration: KpiRegistration = wait) {
  const house = openMemoryHouse();
  const cockpit = await createCockpit(house);
  await cockpit.saveKpi('wait', registration, 'desk', false);
  return { all: cases(house, options), cockpit };
}

test('[C14] a quantile is judged by the exact sequence over totals of units whose window has ended', async () => {
  const { all, cockpit } = await judged({ scale: 0.4 });
  const { row, formula, kpi } = await cockpit.appLift('desk');
  // the log ends with the last case's events
  const ended = all.filter(({ time }) => time + 7 * dayMs <= (all.at(-1)?.time ?? 0) + 2_000);
  expect(ended.length).toBeLessThan(all.length * 0.8);
  const totals = (treated: boolean) => ended.filter((one) => one.treated === treated).map(({ total }) => total);
  const known = quantileDifference(totals(false), totals(true), 0.9);
  expect(row.absolute).toEqual({
    estimate: known.treatmentQuantile - known.controlQuantile,
    low: known.interval[0],
    high: known.interval[1],
  });
  const truth = 2 * Math.exp(1.2815515655446004) * (0.4 - 1);
  expect(known.interval[0]).toBeLessThan(truth);
  expect(known.interval[1]).toBeGreaterThan(truth);
  expect(known.interval[1]).toBeLessThan(0);
  expect(row.relative?.low).toBe(known.relative?.[0]);
  // it works, but a quantile has no worth: it cannot be said to pay
  expect(row).toMatchObject({ verdict: 'Keep', selected: true, earned: null });
  expect(formula.en).toContain('0.9-quantile');
  expect(kpi.quantile).toBe(0.9);
});

test('[C14] without effect nothing is claimed in 19 of 20 companies, at any look', async () => {
  let claimed = 0;
  for (let seed = 1; seed <= 20; seed += 1) {
    const { cockpit } = await judged({ scale: 1, size: 500, seed }, { ...wait, quantile: 0.5 });
    const { row, sequence } = await cockpit.appLift('desk');
    expect(sequence.length).toBeGreaterThan(50);
    if (sequence.some(({ effect: { low, high } }) => (low ?? -1) > 0 || (high ?? 1) < 0)) claimed += 1;
    expect(row.selected).toBe(false);
  }
  expect(claimed).toBeLessThanOrEqual(1);
});

test('[C14] a quantile read in any pieces, or anew after a kill, is the same bit for bit, and one more event is seen', async () => {
  const whole = openMemoryHouse();
  cases(whole, { scale: 0.7, size: 300 });
  const house = openMemoryHouse();
  house.addApp('desk', kpiOf('wait', { direction: 'decrease' }));
  const cockpit = await createCockpit(house);
  await cockpit.saveKpi('wait', wait, 'desk', false);
  let given = 0;
  for (const exposure of whole.exposures) {
    house.exposures.push(exposure);
    if (given % 7 === 3) await cockpit.refresh();
    house.events.push(...whole.events.slice(2 * given, 2 * given + 2));
    if (given % 11 === 5) await cockpit.refresh();
    given += 1;
  }
  const running = (await cockpit.health()).fingerprint;
  expect((await (await createCockpit(house)).health()).fingerprint).toBe(running);
  expect(await cockpit.replay()).toMatchObject({ identical: true, exposures: 300, events: 600 });
  house.event('wait', 'case-3', 1, start + dayMs, start + 31 * dayMs);
  expect((await cockpit.health()).fingerprint).not.toBe(running);
});

test('[C14] a quantile as a guardrail trips when it is surely worse, by its exact bound', async () => {
  const trip = async (scale: number) => {
    const { cockpit } = await judged({ scale, metric: 'orders' }, { ...wait, role: 'guardrail' });
    return (await cockpit.appLift('desk')).guardrails[0];
  };
  const slower = await trip(2);
  expect(slower?.tripped).toBe(true);
  expect(slower?.sureHarm).toBe(slower?.effect?.low);
  expect(await trip(1)).toMatchObject({ tripped: false, sureHarm: 0 });
});

test('[C14] a quantile needs its share, and takes no worth and no history; no other type takes a share', async () => {
  const cockpit = await createCockpit(openMemoryHouse());
  const refused = (change: Partial<KpiRegistration>, field: string) =>
    expect(cockpit.saveKpi('wait', { ...wait, ...change }, 'desk', false)).rejects.toMatchObject({
      code: 'invalid_request',
      facts: { field },
    });
  await refused({ quantile: null }, 'quantile');
  await refused({ quantile: 1 }, 'quantile');
  await refused({ historyMs: dayMs }, 'historyMs');
  await refused({ valueMicrosPerUnit: 1, currency: 'USD' }, 'valueMicrosPerUnit');
  await refused({ type: 'mean' }, 'quantile');
  expect((await cockpit.saveKpi('wait', wait, 'desk', false)).version).toBe(1);
});
