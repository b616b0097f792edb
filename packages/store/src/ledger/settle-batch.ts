import type { RunRecord, Settlement } from '@myriad/contracts';
import type { Batch, Statement } from '../database/batch.ts';
import type { Dialect } from '../database/database.ts';
import { deleteRows, statement } from '../database/statements.ts';
import { runCodec } from '../records/codecs.ts';
import { insertExposure } from './log-order.ts';

/** Width of a bucket of spending. A quarter of an hour, so that every time zone's hours and days are sums of buckets. */
export const quarterMs = 900_000;

const chargeSql = `insert into "budgetState" ("scope", "periodStart", "currency", "spentMicros", "changedAt")
  values (?, ?, ?, ?, ?) on conflict ("scope", "periodStart", "currency") do update set
  "spentMicros" = "budgetState"."spentMicros" + excluded."spentMicros", "changedAt" = excluded."changedAt"`;

const spendColumns = ['costMicros', 'runs', 'inputTokens', 'outputTokens', 'unpricedRuns'];
const spendKey = ['tenant', 'quarter', 'appId', 'model', 'personId', 'keyId', 'currency'];
const spendSql = `insert into "spend" (${[...spendKey, 'appName', ...spendColumns].map((name) => `"${name}"`).join(', ')})
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (${spendKey.map((name) => `"${name}"`).join(', ')})
  do update set ${spendColumns.map((name) => `"${name}" = "spend"."${name}" + excluded."${name}"`).join(', ')}`;

const runColumns = [...runCodec.columns, 'inputTokens', 'outputTokens'];
const runSql = `insert into "run" (${runColumns.map((name) => `"${name}"`).join(', ')})
  values (${runColumns.map(() => '?').join(', ')}) on conflict do nothing`;

function runStep(run: RunRecord): Statement {
  const values = runCodec.values(run);
  values.push(run.usage.inputTokens, run.usage.outputTokens);
  return statement(runSql, values, { changes: 1, code: 'conflict', message: `Run ${run.id} is settled already.` });
}

function spendStep(run: RunRecord): Statement {
  return statement(spendSql, [
    run.tenant,
    Math.floor(run.startedAt / quarterMs) * quarterMs,
    run.appId,
    run.model ?? '',
    run.personId ?? '',
    run.keyId ?? '',
    run.currency,
    run.appName,
    run.costMicros ?? run.pricedMicros,
    1,
    run.usage.inputTokens,
    run.usage.outputTokens,
    run.costMicros === null ? 1 : 0,
  ]);
}

/** The steps of one settlement. A run that is settled already makes all of it fail with `conflict`. */
export function settleBatch(kind: Dialect['kind'], { run, exposure, charges, holdId }: Settlement): Batch {
  const steps = [runStep(run), spendStep(run)];
  for (const { scope, periodStart, currency, micros } of charges)
    steps.push(statement(chargeSql, [scope, periodStart, currency, micros, run.finishedAt]));
  if (holdId !== null) steps.push(deleteRows('holdPart', { holdId }), deleteRows('hold', { id: holdId }));
  // Last, since on PostgreSQL it holds the order of the log until the commit.
  if (exposure) steps.push(...insertExposure(kind, exposure));
  return steps;
}
