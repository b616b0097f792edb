import type { Budget, BudgetStore } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { deleteRows, saveRow } from '../database/statements.ts';
import { budgetCodec } from '../records/codecs.ts';

/** Limits set by people. A scope has one. */
export function createBudgetStore(database: Database): BudgetStore {
  return {
    async list() {
      const rows = await database.query.selectFrom('budget').selectAll().orderBy('scope').execute();
      return rows.map((row): Budget => budgetCodec.decode(row));
    },
    async save(budget) {
      await database.write([saveRow('budget', budgetCodec.encode(budget), ['scope'])]);
    },
    async remove(scope) {
      await database.write([
        deleteRows('budget', { scope }, { changes: 1, code: 'not_found', message: `There is no budget for ${scope}.` }),
      ]);
    },
  };
}
