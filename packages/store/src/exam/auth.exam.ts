import type { Store } from '@myriad/contracts';
import { Kysely } from 'kysely';
import { expect, test } from 'vitest';

interface AuthTables {
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly emailVerified: number | boolean;
    readonly createdAt: string;
    readonly updatedAt: string;
  };
  readonly session: {
    readonly id: string;
    readonly expiresAt: string;
    readonly token: string;
    readonly createdAt: string;
    readonly updatedAt: string;
    readonly userId: string;
  };
}

const time = '2026-01-01T00:00:00.000Z';

/** The tables of the sign-in library, through the Kysely that it is given. */
export function examineAuth(open: () => Store): void {
  const database = () => open().authDatabase as Kysely<AuthTables>;
  const user = (id: string) => ({
    id,
    name: id,
    email: `${id}@example.org`,
    emailVerified: open().kind === 'sqlite' ? 0 : false,
    createdAt: time,
    updatedAt: time,
  });

  test('[P1] rows are written with `returning`, changed, counted and removed, and sessions go with their user', async () => {
    expect(open().authDatabase).toBeInstanceOf(Kysely);
    const made = await database().insertInto('user').values(user('p1')).returningAll().executeTakeFirstOrThrow();
    expect(made).toMatchObject({ id: 'p1', email: 'p1@example.org' });
    const session = { id: 's1', expiresAt: time, token: 't1', createdAt: time, updatedAt: time, userId: 'p1' };
    await database().insertInto('session').values(session).execute();
    const changed = await database().updateTable('user').set({ name: 'P' }).where('id', '=', 'p1').executeTakeFirst();
    expect(changed.numUpdatedRows).toBe(1n);
    const removed = await database().deleteFrom('user').where('id', '=', 'p1').executeTakeFirst();
    expect(removed.numDeletedRows).toBe(1n);
    expect(await database().selectFrom('session').selectAll().execute()).toEqual([]);
  });

  test('[P2] a transaction sees its own writes and is undone whole when it fails, while other writes wait their turn', async () => {
    const failing = database()
      .transaction()
      .execute(async (inside) => {
        await inside.insertInto('user').values(user('p2')).execute();
        expect(await inside.selectFrom('user').select('id').where('id', '=', 'p2').execute()).toHaveLength(1);
        throw new Error('changed my mind');
      });
    const beside = open().settings.set('beside', 1);
    await expect(failing).rejects.toThrow('changed my mind');
    await beside;
    expect(await open().settings.get('beside')).toBe(1);
    expect(await database().selectFrom('user').select('id').where('id', '=', 'p2').execute()).toEqual([]);
    await database()
      .transaction()
      .execute((inside) => inside.insertInto('user').values(user('p2')).execute());
    await expect(database().insertInto('user').values(user('p2')).execute()).rejects.toThrow();
    expect(await database().selectFrom('user').select('id').where('id', '=', 'p2').execute()).toHaveLength(1);
  });

  test('[P3] a transaction that waits for a write outside itself does not hold up the node for ever', async () => {
    const stuck = database()
      .transaction()
      .execute(async (inside) => {
        await inside.insertInto('user').values(user('p3')).execute();
        // On SQLite this write waits for the transaction, and the transaction for it.
        await open().settings.set('p3', 1);
        await inside.updateTable('user').set({ name: 'late' }).where('id', '=', 'p3').execute();
      });
    if (open().kind === 'postgres') return void (await stuck);
    await expect(stuck).rejects.toMatchObject({ code: 'conflict' });
    expect(await open().settings.get('p3')).toBe(1);
    expect(await database().selectFrom('user').select('id').where('id', '=', 'p3').execute()).toEqual([]);
  }, 20_000);
}
