import type { Store } from '@myriad/contracts';
import type { Kysely } from 'kysely';
import { expect, test } from 'vitest';
import { chainStart, hashEntry } from '../audit/audit-chain.ts';
import type { Tables } from '../tables.ts';

export function examineAudit(open: () => Store): void {
  const entry = (object: string, detail: Record<string, unknown> = {}) => ({
    time: 7,
    actor: 'per_1',
    action: 'app.publish',
    object,
    detail,
  });

  test('[C1] entries appended at the same moment make one chain without a gap', async () => {
    const { audit } = open();
    const made = await Promise.all(Array.from({ length: 50 }, (_, index) => audit.append(entry(`app:${index}`))));
    const sequences = made.map(({ sequence }) => sequence).sort((left, right) => left - right);
    expect(sequences).toEqual(Array.from({ length: 50 }, (_, index) => (sequences[0] ?? 0) + index));
    expect(await audit.verify()).toEqual({ entries: sequences.at(-1), brokenAt: null });
    const [first] = made;
    if (first?.sequence === 1) expect(first.previousHash).toBe(chainStart);
    for (const one of made) expect(one.hash).toBe(hashEntry(one, one.previousHash));
  });

  test('[C2] details come back as they were hashed, whatever the order of their keys', async () => {
    const { audit } = open();
    const made = await audit.append(entry('app:c2', { z: 1, a: { y: [1, null], 中: '文' }, gone: undefined }));
    expect((await audit.list({ object: 'app:c2' })).items).toEqual([made]);
    expect(made.detail).toEqual({ z: 1, a: { y: [1, null], 中: '文' } });
    const { sequence, time, actor, action, object } = made;
    const turned = { a: { 中: '文', y: [1, null] }, z: 1 };
    expect(hashEntry({ detail: turned, object, action, actor, time, sequence }, made.previousHash)).toBe(made.hash);
  });

  test('[C3] lists go newest first, by object and by actor, in pages', async () => {
    const { audit } = open();
    for (let index = 0; index < 4; index += 1) await audit.append({ ...entry('app:c3'), actor: `c3-${index % 2}` });
    const page = await audit.list({ object: 'app:c3', limit: 3 });
    const rest = await audit.list({ object: 'app:c3', limit: 3, cursor: page.nextCursor });
    const sequences = [...page.items, ...rest.items].map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((left, right) => right - left));
    expect(sequences).toHaveLength(4);
    expect((await audit.list({ actor: 'c3-1' })).items).toHaveLength(2);
  });

  test('[C4] a changed entry is found where it stands', async () => {
    const store = open();
    const made = await store.audit.append(entry('app:c4', { price: 1 }));
    await store.audit.append(entry('app:c4'));
    const database = store.authDatabase as Kysely<Tables>;
    const change = (detail: string) =>
      database.updateTable('audit').set({ detail }).where('sequence', '=', made.sequence).execute();
    await change('{"price":2}');
    expect(await store.audit.verify()).toEqual({ entries: made.sequence - 1, brokenAt: made.sequence });
    await change('{"price":1}');
    expect((await store.audit.verify()).brokenAt).toBeNull();
  });

  test('[C5] a removed entry is found by the gap', async () => {
    const store = open();
    const made = await store.audit.append(entry('app:c5'));
    await store.audit.append(entry('app:c5'));
    const database = store.authDatabase as Kysely<Tables>;
    await database.deleteFrom('audit').where('sequence', '=', made.sequence).execute();
    expect((await store.audit.verify()).brokenAt).toBe(made.sequence);
  });
}
