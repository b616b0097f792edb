import type { Store, StoredKpiSource } from '@myriad/contracts';
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

  const fact = (id: string, value: number, change: object = {}) => ({
    ...{ id, kpi: 'orders', unit: 'shop-1', value, time: 1_000_000 },
    ...change,
  });
  const delivery = (tenant: string, rest: object) => ({
    ...{ tenant, receivedAt: 1_000_500, source: 'key_1', events: [] },
    ...rest,
  });

  test('[K11] a correction becomes an event of the difference, under the time of the event it corrects', async () => {
    const { kpi } = open();
    const tenant = sampleId('tenant');
    const taken = await kpi.take(
      delivery(tenant, {
        events: [fact('e1', 10), fact('e2', 4, { time: 1_000_100 })],
        corrections: [
          { id: 'c1', corrects: 'e1', value: 7 },
          { id: 'c2', corrects: 'e1', value: 8 },
          { id: 'c3', corrects: 'nobody', value: 1 },
        ],
      }),
    );
    expect(taken).toEqual({ duplicates: [], corrections: ['taken', 'taken', 'unknown'] });
    const again = await kpi.take(delivery(tenant, { corrections: [{ id: 'c2', corrects: 'e1', value: 5 }] }));
    expect(again.corrections).toEqual(['duplicate']);
    const kept = (await kpi.list({ tenant })).items;
    expect(kept.map(({ id, value, time }) => [id, value, time])).toEqual([
      ['c1', -3, 1_000_000],
      ['c2', 1, 1_000_000],
      ['e1', 10, 1_000_000],
      ['e2', 4, 1_000_100],
    ]);
    expect(
      (await kpi.take(delivery(tenant, { corrections: [{ id: 'c4', corrects: 'c1', value: 0 }] }))).corrections,
    ).toEqual(['unknown']);
  });

  test('[K12] corrections of one event at once each start from what the one before left', async () => {
    const { kpi } = open();
    const tenant = sampleId('tenant');
    await kpi.take(delivery(tenant, { events: [fact('e1', 100)] }));
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        kpi.take(delivery(tenant, { corrections: [{ id: `c${index}`, corrects: 'e1', value: index }] })),
      ),
    );
    const kept = (await kpi.list({ tenant })).items;
    const sum = kept.reduce((total, { value }) => total + value, 0);
    expect(kept).toHaveLength(21);
    expect(Number.isInteger(sum) && sum >= 0 && sum < 20).toBe(true);
  });

  test('[K13] what came in is counted with the events: accepted, there before, late, ahead, corrected, rejected', async () => {
    const { kpi } = open();
    const tenant = sampleId('tenant');
    const day = 86_400_000;
    const receivedAt = 10 * day;
    const events = [
      fact('e1', 1, { time: receivedAt - 10 }),
      fact('e2', 1, { time: receivedAt - 2 * day }),
      fact('e3', 1, { time: receivedAt + 5 }),
      fact('e1', 1, { time: receivedAt }),
    ];
    const rejected = [{ kpi: '', code: 'invalid_kpi', count: 3, sample: 'kpi: expected a name.' }];
    await kpi.take(delivery(tenant, { receivedAt, events, rejected }));
    await kpi.take(delivery(tenant, { receivedAt, events: events.slice(0, 2), rejected }));
    await kpi.take(delivery(tenant, { receivedAt, corrections: [{ id: 'c1', corrects: 'e2', value: 0 }] }));
    expect(await kpi.quality(tenant)).toEqual([
      expect.objectContaining({
        kpi: '',
        accepted: 0,
        rejected: [{ code: 'invalid_kpi', count: 6, sample: 'kpi: expected a name.', lastAt: receivedAt }],
      }),
      {
        kpi: 'orders',
        accepted: 3,
        duplicates: 3,
        late: 1,
        ahead: 1,
        corrections: 1,
        rejected: [],
        lastReceivedAt: receivedAt,
        lastTime: receivedAt + 5,
        lagMs: -5,
      },
    ]);
  });

  test('[K14] the mark of a source moves with the events, and a source that is gone takes its events with it', async () => {
    const { kpi } = open();
    const tenant = sampleId('tenant');
    const id = sampleId('src');
    await kpi.saveSource(sampleSource(tenant, id));
    await kpi.take(delivery(tenant, { events: [fact('e1', 1)], reader: { id, watermark: '17' } }));
    expect(await kpi.sources(tenant)).toEqual([{ ...sampleSource(tenant, id), watermark: '17' }]);
    await expect(kpi.saveSource(sampleSource(tenant, `${id}-other`))).rejects.toMatchObject({ code: 'conflict' });
    await kpi.removeSource(id);
    await expect(
      kpi.take(delivery(tenant, { events: [fact('e2', 1)], reader: { id, watermark: '18' } })),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect((await kpi.list({ tenant })).items.map((event) => event.id)).toEqual(['e1']);
  });
}

const sampleSource = (tenant: string, id: string): StoredKpiSource => ({
  id,
  tenant,
  definition: {
    name: 'orders',
    kind: 'postgres',
    address: 'postgres://reader@db/shop',
    sql: 'select * from orders',
    mapping: {
      ...{ id: 'id', kpi: { name: 'orders' }, unit: 'buyer', value: 'total', time: 'at' },
      ...{ timeUnit: 'ms', watermark: 'at' },
    },
    overlap: 0,
    everyMinutes: 15,
    timeoutMs: 1_000,
    enabled: true,
  },
  passwordSource: null,
  watermark: null,
  lastRun: null,
  createdAt: 1,
  updatedAt: 1,
});
