import type { Store } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { sampleApp, sampleConversation, sampleId, sampleMessage, sampleRun } from './samples.exam.ts';

export function examineLog(open: () => Store): void {
  const event = (tenant: string, id: string) => ({
    tenant,
    id,
    kpi: 'orders',
    unit: 'u1',
    value: 1,
    time: 5,
    receivedAt: 9,
    source: 'key_1',
  });
  const settle = async (store: Store, experiment: string, unit: string, appId = 'app_1', tenant = 'log') => {
    const run = sampleRun({ appId, tenant });
    const exposure = {
      experiment,
      appId,
      version: null,
      unit,
      assigned: 'treatment',
      delivered: 'treatment',
      runId: run.id,
      time: 3,
    };
    await store.ledger.settle({ run, exposure, charges: [], holdId: null });
  };

  test('[K7] events and exposures have one order, which is that of their writing', async () => {
    const store = open();
    const tenant = sampleId('tenant');
    const experiment = sampleId('exp');
    const before = (await store.log.events({ after: 0, limit: 20_000 })).at(-1)?.sequence ?? 0;
    await settle(store, experiment, 'a');
    await store.kpi.append([event(tenant, 'one'), event(tenant, 'two')]);
    await settle(store, experiment, 'b');
    await store.kpi.append([event(tenant, 'two'), event(tenant, 'three')]);
    const events = await store.log.events({ after: before, limit: 100 });
    expect(events.map(({ id }) => id)).toEqual(['one', 'two', 'three']);
    expect(events[0]).toMatchObject({ tenant, receivedAt: 9, value: 1 });
    const exposures = (await store.log.exposures({ after: 0, limit: 20_000 })).filter(
      (exposure) => exposure.experiment === experiment,
    );
    expect(exposures.map(({ unit }) => unit)).toEqual(['a', 'b']);
    const [first, second, third] = events.map(({ sequence }) => sequence) as [number, number, number];
    expect(exposures[0]?.afterEvent).toBeLessThan(first);
    expect(exposures[1]?.afterEvent).toBe(second);
    expect(third).toBeGreaterThan(second);
    expect(exposures[1]?.sequence).toBeGreaterThan(exposures[0]?.sequence ?? 0);
    expect(await store.log.events({ after: third, limit: 100 })).toEqual([]);
  });

  test('[K8] numbers of events and exposures written by many at once never become visible behind one already read', async () => {
    const store = open();
    const tenant = sampleId('tenant');
    const experiment = sampleId('exp');
    let after = (await store.log.events({ after: 0, limit: 20_000 })).at(-1)?.sequence ?? 0;
    const seen: string[] = [];
    let writing = true;
    const reader = (async () => {
      for (;;) {
        const last = !writing;
        const page = await store.log.events({ after, limit: 7 });
        seen.push(...page.map(({ id }) => id));
        after = page.at(-1)?.sequence ?? after;
        if (last && page.length === 0) return;
      }
    })();
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 3 === 0
          ? settle(store, experiment, `u${index}`)
          : store.kpi.append([event(tenant, `p${index}`), event(tenant, `q${index}`)]),
      ),
    );
    writing = false;
    await reader;
    expect(seen).toHaveLength(80);
    expect(new Set(seen).size).toBe(80);
  });

  test('[K9] a second exposure of a unit changes neither the first nor the order', async () => {
    const store = open();
    const experiment = sampleId('exp');
    await settle(store, experiment, 'a');
    const count = async () =>
      (await store.log.exposures({ after: 0, limit: 20_000 })).filter((row) => row.experiment === experiment);
    const first = await count();
    await settle(store, experiment, 'a');
    expect(await count()).toEqual(first);
  });

  test('[K10] removing a tenant takes its apps, runs, exposures and events, and nothing else', async () => {
    const store = open();
    const tenant = sampleId('tenant');
    const other = sampleId('tenant');
    const app = sampleApp({ tenant });
    const kept = sampleApp({ tenant: other });
    await store.apps.create(app, null);
    await store.apps.create(kept, null);
    await settle(store, `${tenant}:k`, 'a', app.id, tenant);
    await settle(store, `${other}:k`, 'a', kept.id, other);
    await store.kpi.append([event(tenant, 'one'), event(other, 'one')]);
    await store.removeTenant(tenant);
    expect(await store.apps.byId(app.id)).toBeNull();
    expect(await store.apps.count(tenant)).toBe(0);
    expect((await store.ledger.exposures({ appId: app.id })).items).toEqual([]);
    expect((await store.ledger.runs({ tenant })).items).toEqual([]);
    expect(await store.kpi.summary(tenant)).toEqual([]);
    expect((await store.apps.list({ tenant, search: app.name })).items).toEqual([]);
    expect(await store.apps.byId(kept.id)).not.toBeNull();
    expect((await store.ledger.exposures({ appId: kept.id })).items).toHaveLength(1);
    expect((await store.kpi.summary(other))[0]?.events).toBe(1);
    await expect(store.removeTenant('main')).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('[K15] questions rated down, asked again or stopped are found, and feedback adds up for its app', async () => {
    const store = open();
    const appId = sampleId('app');
    const conversation = sampleConversation({ appId });
    await store.conversations.save(conversation);
    const from = 4_000_000_000_000;
    let time = from;
    const say = async (role: 'user' | 'assistant', parentId: string | null, text: string, change = {}) => {
      time += 1_000;
      const at = { id: sampleId('msg'), role, parentId, text, createdAt: time, status: 'ok' as const, feedback: null };
      const message = sampleMessage(conversation.id, { ...at, ...change });
      await store.conversations.saveMessage(message);
      return message.id;
    };
    const first = await say('user', null, 'first');
    await say('assistant', first, 'answer');
    const again = await say('user', null, 'edited');
    const answer = await say('assistant', again, 'answer');
    const next = await say('user', answer, 'next');
    await say('assistant', next, 'half an ans', { status: 'aborted' });
    const base = {
      tenant: sampleId('tenant'),
      appId,
      messageId: null,
      comment: null,
      correction: null,
      createdAt: time + 1,
    };
    const given = {
      ...base,
      id: `${appId}/a`,
      runId: 'run_1',
      actor: 'a',
      rating: 'down' as const,
      question: 'by run',
    };
    await store.feedback.save(given);
    await store.feedback.save({
      ...given,
      id: `${appId}/b`,
      actor: 'b',
      rating: 'up',
      correction: 'so',
      question: null,
    });
    await store.feedback.save({ ...given, id: `${appId}/c`, actor: 'c' });
    await store.feedback.save({ ...given, id: `${appId}/c`, actor: 'c', rating: null });
    const signs = (await store.log.unserved({ from, limit: 500 })).filter((question) => question.appId === appId);
    expect(signs.map(({ text, reason, followedBy }) => [text, reason, followedBy ?? null])).toEqual([
      ['by run', 'thumbsDown', null],
      ['next', 'abandoned', null],
      ['edited', 'rephrased', 'next'],
      ['first', 'rephrased', null],
    ]);
    const told = await store.feedback.ofApp({ tenant: base.tenant, appId, limit: 10 });
    expect([told.up, told.down, told.corrections]).toEqual([1, 1, 1]);
    expect(told.items.find(({ actor }) => actor === 'a')).toEqual(given);
  });
}
