import { MyriadError } from '@myriad/contracts';
import type { Database } from '../database/database.ts';
import { deleteRows, statement } from '../database/statements.ts';

/** Removes all rows of a tenant in one step. The audit chain stays. @throws MyriadError `forbidden` for `main`. */
export async function removeTenant(database: Database, tenant: string): Promise<void> {
  if (tenant === 'main')
    throw new MyriadError('forbidden', 'The tenant "main" is the house itself and is not removed.');
  const { table, seqColumn } = database.dialect.appIndex;
  const ids = `(select "id" from "app" where "tenant" = ?)`;
  await database.write([
    statement(`delete from "exposure" where "appId" in ${ids}`, [tenant]),
    statement(`delete from "appVersion" where "appId" in ${ids}`, [tenant]),
    statement(`delete from "appDraft" where "appId" in ${ids}`, [tenant]),
    statement(`delete from "${table}" where "${seqColumn}" in (select "seq" from "app" where "tenant" = ?)`, [tenant]),
    deleteRows('appPrincipal', { tenant }),
    deleteRows('run', { tenant }),
    deleteRows('spend', { tenant }),
    deleteRows('kpiEvent', { tenant }),
    deleteRows('kpiQuality', { tenant }),
    deleteRows('feedback', { tenant }),
    deleteRows('app', { tenant }),
  ]);
}
