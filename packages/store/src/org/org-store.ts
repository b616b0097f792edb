/** People, groups, invites and API keys. Tokens and keys are known here by their hashes only. */
import type { OrgStore } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { saveRow, statement, updateRows } from '../database/statements.ts';
import { inviteCodec, keyCodec } from '../records/codecs.ts';
import { createPeopleStore } from './people-store.ts';

export function createOrgStore(database: Database): OrgStore {
  const { query } = database;
  return {
    ...createPeopleStore(database),
    async invite(tokenHash) {
      const row = await query.selectFrom('invite').selectAll().where('tokenHash', '=', tokenHash).executeTakeFirst();
      return row ? inviteCodec.decode(row) : null;
    },
    async invites() {
      const rows = await query.selectFrom('invite').selectAll().orderBy('createdAt', 'desc').orderBy('id').execute();
      return rows.map((row) => inviteCodec.decode(row));
    },
    async saveInvite(invite, tokenHash) {
      await database.write([saveRow('invite', { ...inviteCodec.encode(invite), tokenHash }, ['id'])]);
    },
    async useInvite(id, usedAt) {
      const [result] = await database.write([updateRows('invite', { usedAt }, { id, usedAt: null })]);
      return result?.changes === 1;
    },
    async keyByHash(hash) {
      const row = await query.selectFrom('apiKey').select(keyCodec.columns).where('hash', '=', hash).executeTakeFirst();
      return row ? keyCodec.decode(row) : null;
    },
    async keys(wanted) {
      const limit = pageLimit(wanted);
      const cursor = readCursor<readonly [string]>(wanted, ['']);
      const rows = await query
        .selectFrom('apiKey')
        .select(keyCodec.columns)
        .$if(wanted.ownerId !== undefined, (some) => some.where('ownerId', '=', wanted.ownerId ?? ''))
        .$if(cursor !== null, (some) => some.where('id', '<', cursor?.[0] ?? ''))
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, ({ id }) => [id], keyCodec.decode);
    },
    async key(id) {
      const row = await query.selectFrom('apiKey').select(keyCodec.columns).where('id', '=', id).executeTakeFirst();
      return row ? keyCodec.decode(row) : null;
    },
    async saveKey(key, hash) {
      await database.write([saveRow('apiKey', { ...keyCodec.encode(key), hash }, ['id'])]);
    },
    async revokeKey(id, revokedAt) {
      await database.write([
        // A second revocation keeps the first one's time.
        statement(`update "apiKey" set "revokedAt" = coalesce("revokedAt", ?) where "id" = ?`, [revokedAt, id], {
          changes: 1,
          code: 'not_found',
          message: `There is no key ${id}.`,
        }),
      ]);
    },
    async touchKeys(lastUsed) {
      if (lastUsed.size === 0) return;
      await database.write(
        [...lastUsed].map(([id, time]) =>
          statement(`update "apiKey" set "lastUsedAt" = ? where "id" = ? and coalesce("lastUsedAt", 0) < ?`, [
            time,
            id,
            time,
          ]),
        ),
      );
    },
  };
}
