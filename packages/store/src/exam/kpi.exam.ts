import type { Store } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { sampleId } from './samples.exam.ts';

export function examineKpi(open: () => Store): void {
  const events = (tenant: string, count: number, change: object = {}) =>
    Array.from({ length: count }, (_, index) => ({
      tenant,
      id: `e${String(index).padStart(5, '0')}`,
      kpi: 'conversion',
      unit: `shop-${index % 7}`,
      value: index / 4,
      time: 1_000 + index,
      receivedAt: 5_000,
      source: 'key_1',
      ...change,
    }));

  test('[K1] an event is kept once by its id in its tenant, and the sender learns which were there', async () => {
    const { kpi } = open();
    const tenant = sampleId('tenant');
    const all = events(tenant, 10);
    expect(await kpi.append(all.slice(0, 6))).toEqual({ duplicates: [] });
    expect(await kpi.append(all.slice(4))).toEqual({ duplicates: ['e00004', 'e00005'] });
    expect(await kpi.append(events(`${tenant}-other`, 1))).toEqual({ duplicates: [] });
    const kept = await kpi.list({ tenant });
    expect(kept.items).toEqual(all.map(({ id, kpi, unit, value, time }) => ({ id, kpi, unit, value, time })));
  });

  test('[K2] an id that stands twice in one batch is kept once, as it stood first', async () => {
    const { kpi } = open();
    const tenant = sampleId('tenant');
    const [event] = events(tenant, 1);
    if (!event) return;
    expect(await kpi.append([event, { ...event, value: 99 }])).toEqual({ duplicates: ['e00000'] });
    expect((await kpi.list({ tenant })).items[0]?.value).toBe(0);
    expect(await kpi.append([])).toEqual({ duplicates: [] });
  });

  test('[K3] the same events sent by many at once are kept once', async () => {
    const { kpi } = open();
    const tenant = sampleId('tenant');
    const answers = await Promise.all(Array.from({ length: 6 }, () => kpi.append(events(tenant, 50))));
    expect(answers.reduce((sum, { duplicates }) => sum + duplicates.length, 0)).toBe(5 * 50);
    expect((await kpi.list({ tenant, limit: 500 })).items).toHaveLength(50);
  });

  test('[K4] lists go by time in pages, by indicator, unit and range', async () => {
    const { kpi } = open();
    const tenant = sampleId('tenant');
    await kpi.append(events(tenant, 30));
    const page = await kpi.list({ tenant, limit: 20 });
    const rest = await kpi.list({ tenant, limit: 20, cursor: page.nextCursor });
    expect([...page.items, ...rest.items].map(({ time }) => time)).toEqual(
      Array.from({ length: 30 }, (_, index) => 1_000 + index),
    );
    expect((await kpi.list({ tenant, unit: 'shop-3' })).items).toHaveLength(4);
    expect((await kpi.list({ tenant, kpi: 'none' })).items).toEqual([]);
    expect((await kpi.list({ tenant, from: 1_010, to: 1_012 })).items).toHaveLength(2);
  });

  test('[K5] the summary says how many events, units and days an indicator has', async () => {
    const { kpi } = open();
    const tenant = sampleId('tenant');
    await kpi.append(events(tenant, 30));
    await kpi.append(events(tenant, 1, { id: 'x', kpi: 'revenue', value: -3 }));
    expect(await kpi.summary(tenant)).toEqual([
      { kpi: 'conversion', events: 30, units: 7, firstTime: 1_000, lastTime: 1_029 },
      { kpi: 'revenue', events: 1, units: 1, firstTime: 1_000, lastTime: 1_000 },
    ]);
    expect(await kpi.summary('nobody')).toEqual([]);
  });

  test('[K6] a batch of many thousands is one step', async () => {
    const { kpi } = open();
    const tenant = sampleId('tenant');
    expect(await kpi.append(events(tenant, 3_000))).toEqual({ duplicates: [] });
    expect((await kpi.summary(tenant))[0]?.events).toBe(3_000);
  });
}
