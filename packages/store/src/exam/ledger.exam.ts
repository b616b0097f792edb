import type { RunRecord, Store } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { sampleExposure, sampleHold, sampleId, sampleRun } from './samples.exam.ts';

const minute = 60_000;
const hour = 60 * minute;

export function examineLedger(open: () => Store): void {
  const settle = (run: RunRecord) => open().ledger.settle({ run, exposure: null, charges: [], holdId: null });
  const charge = (scope: string, micros: number) => ({ scope, periodStart: 0, currency: 'USD', micros });

  test('[R1] a settled run comes back as it was given', async () => {
    const run = sampleRun({ unit: 'shop-1', experiment: 'e', keyId: 'key_1', costMicros: null, pricedMicros: 5 });
    await settle(run);
    expect(await open().ledger.run(run.id)).toEqual(run);
    expect(await open().ledger.run('run_none')).toBeNull();
  });

  test('[R2] a run settles once: the second time is a conflict and books nothing', async () => {
    const { ledger } = open();
    const run = sampleRun();
    const scope = sampleId('app:r2');
    await ledger.settle({ run, exposure: null, charges: [charge(scope, 10)], holdId: null });
    const again = { run, exposure: sampleExposure(run, { unit: 'r2' }), charges: [charge(scope, 10)], holdId: null };
    await expect(ledger.settle(again)).rejects.toMatchObject({ code: 'conflict' });
    expect((await ledger.budgetState(scope, 0))?.spentMicros).toBe(10);
    const units = (await ledger.exposures({ experiment: 'exp-1' })).items.map(({ unit }) => unit);
    expect(units).not.toContain('r2');
  });

  test('[R3] of many settlements of one run at the same moment, exactly one is booked', async () => {
    const { ledger } = open();
    const run = sampleRun();
    const scope = sampleId('app:r3');
    const all = await Promise.allSettled(
      Array.from({ length: 10 }, () =>
        ledger.settle({ run, exposure: null, charges: [charge(scope, 3)], holdId: null }),
      ),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await ledger.budgetState(scope, 0))?.spentMicros).toBe(3);
  });

  test('[R4] the first exposure of a unit wins', async () => {
    const { ledger } = open();
    const first = sampleRun();
    const second = sampleRun({ assigned: 'control' });
    const experiment = sampleId('exp');
    for (const run of [first, second]) {
      await ledger.settle({ run, exposure: sampleExposure(run, { experiment }), charges: [], holdId: null });
    }
    expect((await ledger.exposures({ experiment })).items).toEqual([sampleExposure(first, { experiment })]);
    expect(await ledger.run(second.id)).not.toBeNull();
  });

  test('[R5] exposures come in pages, by experiment or by app', async () => {
    const { ledger } = open();
    const experiment = sampleId('exp');
    for (let index = 0; index < 5; index += 1) {
      const run = sampleRun({ appId: 'app_r5' });
      const exposure = sampleExposure(run, { experiment, unit: `u${index}` });
      await ledger.settle({ run, exposure, charges: [], holdId: null });
    }
    const page = await ledger.exposures({ experiment, limit: 3 });
    const rest = await ledger.exposures({ experiment, limit: 3, cursor: page.nextCursor });
    expect([...page.items, ...rest.items].map(({ unit }) => unit)).toEqual(['u0', 'u1', 'u2', 'u3', 'u4']);
    expect((await ledger.exposures({ appId: 'app_r5' })).items).toHaveLength(5);
    expect((await ledger.exposures({ appId: 'app_none' })).items).toEqual([]);
  });

  test('[H1] a hold counts as held until its run is settled, then its charge as spent', async () => {
    const { ledger } = open();
    const run = sampleRun({ appId: sampleId('app') });
    const scope = `app:${run.appId}`;
    const hold = sampleHold(run, 1_000);
    await ledger.hold(hold);
    expect(await ledger.budgetState(scope, 0)).toEqual({
      scope,
      periodStart: 0,
      currency: 'USD',
      spentMicros: 0,
      heldMicros: 1_000,
    });
    await ledger.settle({ run, exposure: null, charges: [charge(scope, 700)], holdId: hold.id });
    expect(await ledger.budgetState(scope, 0)).toMatchObject({ spentMicros: 700, heldMicros: 0 });
    expect(await ledger.budgetState(scope, hour)).toBeNull();
  });

  test('[H2] a hold given again replaces its parts and does not add to them', async () => {
    const { ledger } = open();
    const run = sampleRun({ appId: sampleId('app') });
    const hold = sampleHold(run, 100);
    await ledger.hold(hold);
    await ledger.hold({ ...hold, parts: [{ ...(hold.parts[0] as (typeof hold.parts)[number]), micros: 250 }] });
    expect((await ledger.budgetState(`app:${run.appId}`, 0))?.heldMicros).toBe(250);
  });

  test('[H3] a settlement that was called right after its hold leaves no hold behind', async () => {
    const { ledger } = open();
    const app = sampleId('app');
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const run = sampleRun({ appId: app });
        const hold = sampleHold(run, 10, { owner: app });
        const held = ledger.hold(hold);
        await ledger.settle({ run, exposure: null, charges: [charge(`app:${app}`, 4)], holdId: hold.id });
        await held;
      }),
    );
    expect(await ledger.budgetState(`app:${app}`, 0)).toMatchObject({ spentMicros: 160, heldMicros: 0 });
    expect((await ledger.staleHolds([])).filter(({ owner }) => owner === app)).toEqual([]);
  });

  test('[H4] the holds of the dead are found whole, those of the living are not', async () => {
    const { ledger } = open();
    const run = sampleRun();
    const dead = sampleHold(run, 1, { owner: 'dead' });
    const living = sampleHold(sampleRun(), 1, { owner: 'living' });
    await ledger.hold(dead);
    await ledger.hold(living);
    const stale = await ledger.staleHolds(['living', 'node-1']);
    expect(stale).toEqual([dead]);
    await ledger.settle({ run: { ...run, status: 'lost' }, exposure: null, charges: [], holdId: dead.id });
    expect(await ledger.staleHolds(['living', 'node-1'])).toEqual([]);
  });

  test('[B1] charges of many runs at once add up to the micro, in each currency', async () => {
    const { ledger } = open();
    const scope = sampleId('org');
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        ledger.settle({ run: sampleRun(), exposure: null, charges: [charge(scope, index)], holdId: null }),
      ),
    );
    expect((await ledger.budgetState(scope, 0))?.spentMicros).toBe((59 * 60) / 2);
    const euro = { scope, periodStart: 0, currency: 'EUR', micros: 5 };
    await ledger.settle({
      run: sampleRun({ finishedAt: 1_800_000_000_000 }),
      exposure: null,
      charges: [euro],
      holdId: null,
    });
    expect(await ledger.budgetState(scope, 0)).toMatchObject({ currency: 'EUR', spentMicros: 5 });
  });

  test('[B2] limits set by people are kept one a scope, changed and removed', async () => {
    const { budgets } = open();
    const budget = { scope: 'org', limitMicros: 5, currency: 'USD', period: 'month', onExceed: 'refuse' } as const;
    await budgets.save(budget);
    await budgets.save({ ...budget, limitMicros: 9 });
    expect(await budgets.list()).toEqual([{ ...budget, limitMicros: 9 }]);
    await budgets.remove('org');
    expect(await budgets.list()).toEqual([]);
    await expect(budgets.remove('org')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[R6] runs are listed newest first by every filter, and pages do not move when runs are added', async () => {
    const { ledger } = open();
    const tenant = sampleId('tenant');
    const start = 1_600_000_000_000;
    const runs = Array.from({ length: 12 }, (_, index) =>
      sampleRun({
        tenant,
        // Two runs of each moment, so that the id decides between them.
        startedAt: start + Math.floor(index / 2),
        appId: index % 2 === 0 ? 'app_even' : 'app_odd',
        status: index % 3 === 0 ? 'error' : 'ok',
        surface: index % 4 === 0 ? 'page' : 'openai',
        model: index === 5 ? null : `model-${index % 2}`,
        keyId: index === 7 ? 'key_7' : null,
      }),
    );
    for (const run of runs) await settle(run);
    const ids = runs.map(({ id }) => id).reverse();
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof ledger.runs>> = await ledger.runs({ tenant, limit: 5, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
      await settle(sampleRun({ tenant, startedAt: start + hour }));
    } while (cursor);
    expect(seen).toEqual(ids);
    const found = async (filter: object) => (await ledger.runs({ tenant, to: start + minute, ...filter })).items;
    expect(await found({ appId: 'app_even' })).toHaveLength(6);
    expect(await found({ status: 'error' })).toHaveLength(4);
    expect(await found({ surface: 'page' })).toHaveLength(3);
    expect(await found({ model: 'model-1' })).toHaveLength(5);
    expect(await found({ keyId: 'key_7' })).toEqual([runs[7]]);
    expect(await found({ personId: 'per_none' })).toEqual([]);
    expect(await found({ from: start + 4, appId: 'app_odd' })).toHaveLength(2);
  });

  test('[S1] spending adds up by app, model, person and key, and unpriced runs are counted apart', async () => {
    const { ledger } = open();
    const tenant = sampleId('tenant');
    const startedAt = 1_700_000_000_000;
    await settle(sampleRun({ tenant, startedAt, appName: 'a', costMicros: 5, model: 'm1' }));
    await settle(sampleRun({ tenant, startedAt: startedAt + 1, appName: 'a', costMicros: 7, model: 'm2' }));
    await settle(
      sampleRun({ tenant, startedAt, appId: 'app_2', appName: 'b', costMicros: null, pricedMicros: 2, model: null }),
    );
    const range = { tenant, from: startedAt - hour, to: startedAt + hour, bucket: 'total' } as const;
    const by = async (groupBy: 'app' | 'model' | 'appModel' | 'person' | 'key' | 'none') =>
      (await ledger.spend({ ...range, groupBy })).map(({ group, costMicros, runs }) => [group, costMicros, runs]);
    expect(await by('app')).toEqual([
      ['a', 12, 2],
      ['b', 2, 1],
    ]);
    expect(await by('model')).toEqual([
      ['m2', 7, 1],
      ['m1', 5, 1],
      ['', 2, 1],
    ]);
    expect(await by('appModel')).toEqual([
      ['a|m2', 7, 1],
      ['a|m1', 5, 1],
      ['b|', 2, 1],
    ]);
    expect(await by('person')).toEqual([['per_1', 14, 3]]);
    expect(await by('key')).toEqual([['', 14, 3]]);
    expect(await ledger.spend({ ...range, groupBy: 'none' })).toEqual([
      {
        time: range.from,
        group: '',
        currency: 'USD',
        costMicros: 14,
        runs: 3,
        inputTokens: 300,
        outputTokens: 60,
        unpricedRuns: 1,
      },
    ]);
  });

  test('[S2] a range that begins or ends within a quarter of an hour is exact to the millisecond', async () => {
    const { ledger } = open();
    const tenant = sampleId('tenant');
    const base = Date.UTC(2026, 0, 5, 10);
    const minutes = [0, 7, 14, 15, 29, 30, 44, 59];
    for (const at of minutes) await settle(sampleRun({ tenant, startedAt: base + at * minute, costMicros: 1 }));
    const runs = async (from: number, to: number) => {
      const rows = await ledger.spend({ tenant, from: base + from, to: base + to, bucket: 'total', groupBy: 'none' });
      return rows.reduce((sum, row) => sum + row.runs, 0);
    };
    expect(await runs(0, hour)).toBe(8);
    expect(await runs(7 * minute, 44 * minute)).toBe(5);
    expect(await runs(7 * minute + 1, 44 * minute + 1)).toBe(5);
    expect(await runs(16 * minute, 29 * minute)).toBe(0);
    expect(await runs(15 * minute, 30 * minute)).toBe(2);
  });

  test('[S3] hours, days and months begin where the time zone says, half-hour zones too', async () => {
    const { ledger } = open();
    const tenant = sampleId('tenant');
    const night = Date.UTC(2026, 0, 31, 18, 40);
    await settle(sampleRun({ tenant, startedAt: night }));
    const first = async (bucket: 'hour' | 'day' | 'month', timeZoneOffsetMinutes: number) => {
      const range = { tenant, from: night - 40 * 24 * hour, to: night + 40 * 24 * hour };
      return (await ledger.spend({ ...range, bucket, groupBy: 'none', timeZoneOffsetMinutes }))[0]?.time;
    };
    const india = 330 * minute;
    expect(await first('hour', 0)).toBe(Date.UTC(2026, 0, 31, 18));
    expect(await first('hour', 330)).toBe(Date.UTC(2026, 1, 1, 0) - india);
    expect(await first('day', 0)).toBe(Date.UTC(2026, 0, 31));
    expect(await first('day', 330)).toBe(Date.UTC(2026, 1, 1) - india);
    expect(await first('month', 0)).toBe(Date.UTC(2026, 0, 1));
    expect(await first('month', 330)).toBe(Date.UTC(2026, 1, 1) - india);
    expect(await first('day', -480)).toBe(Date.UTC(2026, 0, 31) + 480 * minute);
  });

  test('[S4] a range that ends before it begins is refused', async () => {
    const backwards = { tenant: 't', from: 2, to: 1, bucket: 'day', groupBy: 'none' } as const;
    await expect(open().ledger.spend(backwards)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('[R7] totals count what is there', async () => {
    const { ledger, kpi } = open();
    const before = await ledger.totals();
    const run = sampleRun();
    await ledger.hold(sampleHold(run, 1, { owner: 'node-1' }));
    await settle(run);
    const event = { tenant: 'r7', id: 'e', kpi: 'k', unit: 'u', value: 1, time: 1, receivedAt: 1, source: 's' };
    await kpi.append([event]);
    expect(await ledger.totals()).toEqual({
      runs: before.runs + 1,
      holds: before.holds + 1,
      exposures: before.exposures,
      kpiEvents: before.kpiEvents + 1,
    });
  });
}
