/** Holds, settlements and exposures; runs and budgets as they can be read from them. */
import type { BudgetState, Hold, LedgerStore, RunQuery } from '@myriad/contracts';
import type { Database, RidingBatch } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { deleteRows, insertRow, saveRow } from '../database/statements.ts';
import { exposureCodec, runCodec } from '../records/codecs.ts';
import { settleBatch } from './settle-batch.ts';
import { spendRows } from './spend-rows.ts';

export function createLedgerStore(database: Database): LedgerStore {
  const { query } = database;
  /** Holds on their way, so that a settlement never overtakes its own hold where batches may pass each other. */
  const holding = new Map<string, RidingBatch>();

  return {
    async hold(hold) {
      // Given again while the first is still here: the second stands for both.
      holding.get(hold.id)?.withdraw();
      const riding = database.writeSoon(() => [
        saveRow('hold', holdRow(hold), ['id']),
        deleteRows('holdPart', { holdId: hold.id }),
        ...hold.parts.map((part) => insertRow('holdPart', { holdId: hold.id, ...part }, 'A part was there.')),
      ]);
      holding.set(hold.id, riding);
      try {
        await riding.written;
      } finally {
        if (holding.get(hold.id) === riding) holding.delete(hold.id);
      }
    },
    async settle(settlement) {
      const hold = settlement.holdId === null ? undefined : holding.get(settlement.holdId);
      // A run that ended before its hold had gone to the disk needs none there.
      const isWithdrawn = hold?.withdraw() ?? false;
      if (hold && !isWithdrawn && !database.ordered) await hold.written.catch(() => {});
      const settled = isWithdrawn ? { ...settlement, holdId: null } : settlement;
      await database.write(settleBatch(database.dialect.kind, settled));
    },
    async staleHolds(livingOwners) {
      const rows = await query
        .selectFrom('hold')
        .selectAll()
        .$if(livingOwners.length > 0, (some) => some.where('owner', 'not in', livingOwners))
        .orderBy('createdAt')
        .execute();
      return rows.map((row): Hold => ({ ...row, parts: JSON.parse(row.parts), run: JSON.parse(row.run) }));
    },
    async run(id) {
      const row = await query.selectFrom('run').select(runCodec.columns).where('id', '=', id).executeTakeFirst();
      return row ? runCodec.decode(row) : null;
    },
    runs: (wanted) => listRuns(database, wanted),
    spend: (wanted) => spendRows(database, wanted),
    async budgetState(scope, periodStart): Promise<BudgetState | null> {
      const spent = await query
        .selectFrom('budgetState')
        .selectAll()
        .where('scope', '=', scope)
        .where('periodStart', '=', periodStart)
        .orderBy('changedAt', 'desc')
        .executeTakeFirst();
      const held = await query
        .selectFrom('holdPart')
        .select((make) => ['currency', make.fn.sum<number | string>('micros').as('micros')])
        .where('scope', '=', scope)
        .where('periodStart', '=', periodStart)
        .groupBy('currency')
        .orderBy('currency')
        .execute();
      const currency = spent?.currency ?? held[0]?.currency;
      if (currency === undefined) return null;
      const heldMicros = Number(held.find((sum) => sum.currency === currency)?.micros ?? 0);
      return { scope, periodStart, currency, spentMicros: spent?.spentMicros ?? 0, heldMicros };
    },
    async exposures(wanted) {
      const limit = pageLimit(wanted);
      const cursor = readCursor<readonly [string, string]>(wanted, ['', '']);
      const rows = await query
        .selectFrom('exposure')
        .select(exposureCodec.columns)
        .$if(wanted.experiment !== undefined, (some) => some.where('experiment', '=', wanted.experiment ?? ''))
        .$if(wanted.appId !== undefined, (some) => some.where('appId', '=', wanted.appId ?? ''))
        .$if(cursor !== null, (some) =>
          some.where((condition) =>
            condition(
              condition.refTuple('experiment', 'unit'),
              '>',
              condition.tuple(cursor?.[0] ?? '', cursor?.[1] ?? ''),
            ),
          ),
        )
        .orderBy('experiment')
        .orderBy('unit')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, ({ experiment, unit }) => [experiment, unit], exposureCodec.decode);
    },
    async totals() {
      const count = async (table: 'run' | 'hold' | 'exposure' | 'kpiEvent') => {
        const [row] = await database.readSlowly(`select count(*) as "rows" from "${table}"`, []);
        return Number(row?.rows ?? 0);
      };
      return {
        runs: await count('run'),
        holds: await count('hold'),
        exposures: await count('exposure'),
        kpiEvents: await count('kpiEvent'),
      };
    },
  };
}

const holdRow = ({ id, runId, createdAt, parts, owner, run }: Hold) => ({
  id,
  runId,
  createdAt,
  parts: JSON.stringify(parts),
  owner,
  run: JSON.stringify(run),
});

async function listRuns(database: Database, wanted: RunQuery) {
  const limit = pageLimit(wanted);
  const cursor = readCursor<readonly [number, string]>(wanted, [0, '']);
  let select = database.query.selectFrom('run').select(runCodec.columns);
  for (const field of ['tenant', 'appId', 'personId', 'keyId', 'status', 'surface', 'model'] as const) {
    const value = wanted[field];
    if (value !== undefined) select = select.where(field, '=', value);
  }
  if (wanted.from !== undefined) select = select.where('startedAt', '>=', wanted.from);
  if (wanted.to !== undefined) select = select.where('startedAt', '<', wanted.to);
  if (cursor) {
    select = select.where((condition) =>
      condition(condition.refTuple('startedAt', 'id'), '<', condition.tuple(cursor[0], cursor[1])),
    );
  }
  const rows = await select
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  return toPage(rows, limit, ({ startedAt, id }) => [startedAt, id], runCodec.decode);
}
