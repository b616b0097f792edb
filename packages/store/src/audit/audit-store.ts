/** The audit chain: appended one after another, never changed; every entry proves the ones before it. */
import { type AuditEntry, type AuditStore, isMyriadError } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { insertRow } from '../database/statements.ts';
import { auditCodec } from '../records/codecs.ts';
import { type ChainPlace, chainStart, hashEntry, verifyChain } from './audit-chain.ts';

type NewEntry = Parameters<AuditStore['append']>[0];

interface Waiting {
  readonly entry: NewEntry;
  resolve(entry: AuditEntry): void;
  reject(error: unknown): void;
}

/** Times that appending starts over because another node appended first. */
const attempts = 20;
const verifyStep = 1_000;

export function createAuditStore(database: Database): AuditStore {
  const { query } = database;
  const waiting: Waiting[] = [];
  let appending = false;

  async function appendAll(entries: readonly NewEntry[]): Promise<readonly AuditEntry[]> {
    for (let attempt = 1; ; attempt += 1) {
      const last = await query
        .selectFrom('audit')
        .select(['sequence', 'hash'])
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      const chained = chain(entries, last ?? { sequence: 0, hash: chainStart });
      try {
        await database.write(
          chained.map((entry) => insertRow('audit', auditCodec.encode(entry), 'Another entry came first.')),
        );
        return chained;
      } catch (error) {
        if (!isMyriadError(error) || error.code !== 'conflict' || attempt === attempts) throw error;
      }
    }
  }

  /** One writer of the chain at a time; entries that come meanwhile are appended together. */
  async function work(): Promise<void> {
    appending = true;
    await Promise.resolve();
    while (waiting.length > 0) {
      const some = waiting.splice(0, 200);
      try {
        const entries = await appendAll(some.map(({ entry }) => entry));
        some.forEach(({ resolve }, index) => {
          resolve(entries[index] as AuditEntry);
        });
      } catch (error) {
        for (const { reject } of some) reject(error);
      }
    }
    appending = false;
  }

  return {
    append: (entry) =>
      new Promise((resolve, reject) => {
        waiting.push({ entry, resolve, reject });
        if (!appending) void work();
      }),
    async list(wanted) {
      const limit = pageLimit(wanted);
      const cursor = readCursor<readonly [number]>(wanted, [0]);
      const rows = await query
        .selectFrom('audit')
        .selectAll()
        .$if(wanted.object !== undefined, (some) => some.where('object', '=', wanted.object ?? ''))
        .$if(wanted.actor !== undefined, (some) => some.where('actor', '=', wanted.actor ?? ''))
        .$if(cursor !== null, (some) => some.where('sequence', '<', cursor?.[0] ?? 0))
        .orderBy('sequence', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, ({ sequence }) => [sequence], auditCodec.decode);
    },
    async verify() {
      let last: ChainPlace = { sequence: 0, hash: chainStart };
      for (;;) {
        const rows = await query
          .selectFrom('audit')
          .selectAll()
          .where('sequence', '>', last.sequence)
          .orderBy('sequence')
          .limit(verifyStep)
          .execute();
        const verdict = verifyChain(
          rows.map((row) => auditCodec.decode(row)),
          last,
        );
        if (verdict.brokenAt !== null) return { entries: verdict.entries, brokenAt: verdict.brokenAt };
        last = verdict.last;
        if (rows.length < verifyStep) return { entries: last.sequence, brokenAt: null };
      }
    },
  };
}

function chain(entries: readonly NewEntry[], last: { readonly sequence: number; readonly hash: string }): AuditEntry[] {
  let { sequence, hash } = last;
  return entries.map(({ time, actor, action, object, detail }) => {
    sequence += 1;
    const previousHash = hash;
    // What the JSON column gives back is what is hashed.
    const kept = JSON.parse(JSON.stringify(detail ?? {})) as AuditEntry['detail'];
    const entry = { sequence, time, actor, action, object, detail: kept };
    hash = hashEntry(entry, previousHash);
    return { ...entry, previousHash, hash };
  });
}
