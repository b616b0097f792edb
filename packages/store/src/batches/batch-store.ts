/** Batches and their lines. A batch changes only from a status that it still has, so that no two ends meet. */
import {
  type BatchLineStatus,
  type BatchRecord,
  type BatchStatus,
  type BatchStore,
  isMyriadError,
} from '@myriad/contracts';
import type { Statement } from '../database/batch.ts';
import type { Database } from '../database/database.ts';
import { pageLimit, toPage } from '../database/pages.ts';
import { deleteRows, insertIfNew, insertRow, quoted, statement, updateRows } from '../database/statements.ts';
import { batchCodec, batchLineCodec, fileCodec } from '../records/codecs.ts';
import { createFileRows } from './file-rows.ts';

const unendedStatuses: readonly BatchStatus[] = ['validating', 'in_progress', 'finalizing', 'cancelling'];

export function createBatchStore(database: Database): BatchStore {
  const { query } = database;
  const batch = async (id: string): Promise<BatchRecord | null> => {
    const row = await query.selectFrom('batch').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? batchCodec.decode(row) : null;
  };
  return {
    ...createFileRows(database),
    batch,
    async create(record) {
      await database.write([insertRow('batch', batchCodec.encode(record), `Batch ${record.id} is there already.`)]);
    },
    async batches(wanted) {
      const limit = pageLimit(wanted);
      let select = query.selectFrom('batch').selectAll().where('ownerId', '=', wanted.ownerId);
      if (wanted.after !== undefined) select = select.where('id', '<', wanted.after);
      const rows = await select
        .orderBy('id', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(rows, limit, ({ id }) => [id], batchCodec.decode);
    },
    async unended() {
      const rows = await query
        .selectFrom('batch')
        .selectAll()
        .where('status', 'in', unendedStatuses)
        .orderBy('id')
        .execute();
      return rows.map((row) => batchCodec.decode(row));
    },
    async change(id, from, change) {
      const known = await batch(id);
      if (!known) return null;
      const [done] = await database.write([changeFrom({ ...known, ...change }, Object.keys(change), from)]);
      return (done?.changes ?? 0) > 0 ? batch(id) : null;
    },
    async addLines(lines) {
      await database.write(lines.map((line) => insertIfNew('batchLine', batchLineCodec.encode(line))));
    },
    async dropLines(batchId) {
      await database.write([deleteRows('batchLine', { batchId })]);
    },
    async lines({ batchId, status, after, limit }) {
      const rows = await query
        .selectFrom('batchLine')
        .selectAll()
        .where('batchId', '=', batchId)
        .where('status', 'in', status)
        .where('ordinal', '>', after)
        .orderBy('ordinal')
        .limit(limit)
        .execute();
      return rows.map((row) => batchLineCodec.decode(row));
    },
    async endLine({ batchId, ordinal, status, result }) {
      await database.write([updateRows('batchLine', { status, result }, { batchId, ordinal })]);
    },
    async counts(batchId) {
      const rows = await query
        .selectFrom('batchLine')
        .select((make) => ['status', make.fn.countAll<number | string>().as('lines')])
        .where('batchId', '=', batchId)
        .groupBy('status')
        .execute();
      const counts: Record<BatchLineStatus, number> = { pending: 0, done: 0, failed: 0 };
      for (const { status, lines } of rows) counts[status] = Number(lines);
      return counts;
    },
    async end(record, from, files) {
      try {
        await database.write([
          changeFrom(record, batchCodec.columns, from, true),
          ...files.map((file) => insertRow('file', fileCodec.encode(file), `File ${file.id} is there already.`)),
          deleteRows('batchLine', { batchId: record.id }),
        ]);
        return true;
      } catch (error) {
        if (isMyriadError(error) && error.code === 'conflict') return false;
        throw error;
      }
    },
  };
}

function changeFrom(
  record: BatchRecord,
  columns: readonly string[],
  from: readonly BatchStatus[],
  mustChange = false,
): Statement {
  const row: Readonly<Record<string, Statement['params'][number]>> = batchCodec.encode(record);
  const sets = columns.map((column) => `${quoted(column)} = ?`).join(', ');
  const sql = `update "batch" set ${sets} where "id" = ? and "status" in (${from.map(() => '?').join(', ')})`;
  const params = [...columns.map((column) => row[column] ?? null), record.id, ...from];
  const message = `Batch ${record.id} changed meanwhile.`;
  return statement(sql, params, mustChange ? { changes: 1, code: 'conflict', message } : undefined);
}
