/**
 * Writes the newest schema, with a little data, as SQL that later versions are tested from. Run once for a release:
 * `node packages/store/src/migrations/write-snapshot.exam.ts`. Not before: other migrations, with lower numbers too, may
 * still join, and a snapshot without them is of a schema that nobody had. One that exists is never written again.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appRow, indexSteps } from '../apps/app-rows.ts';
import type { SqlValue } from '../database/batch.ts';
import type { Dialect } from '../database/database.ts';
import { insertRow, saveRow } from '../database/statements.ts';
import { sampleApp } from '../exam/samples.exam.ts';
import { postgresDialect } from '../postgres/postgres-dialect.ts';
import { sqliteDialect } from '../sqlite/sqlite-dialect.ts';
import { migrations } from './index.ts';

const literal = (value: SqlValue): string =>
  typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : value === null
      ? 'null'
      : `'${String(value).replaceAll("'", "''")}'`;

function snapshot(dialect: Dialect): string {
  const newest = migrations.at(-1)?.version ?? 0;
  const app = sampleApp({ id: 'app_released', name: 'contracts', titleZh: '合同审查助手' });
  const rows = [
    insertRow('app', appRow(app), ''),
    ...indexSteps(dialect, app, null),
    saveRow('setting', { key: 'released', value: JSON.stringify(newest) }, ['key']),
  ].map(({ sql, params }) => {
    const values = [...params];
    return sql.replaceAll('?', () => literal(values.shift() ?? null));
  });
  const ledger = dialect.kind === 'sqlite' ? 'integer' : 'bigint';
  const head =
    dialect.kind === 'sqlite'
      ? ['pragma application_id = 1297699396', `pragma user_version = ${newest}`, 'pragma journal_mode = wal']
      : [];
  return [
    ...head,
    `create table if not exists "schemaMigration" ("version" integer primary key, "name" text, "appliedAt" ${ledger})`,
    ...migrations.flatMap(({ version, name, statements }) => [
      ...statements(dialect.kind),
      `insert into "schemaMigration" values (${version}, '${name}', 0)`,
    ]),
    ...rows,
  ]
    .map((sql) => `${sql};\n`)
    .join('');
}

for (const dialect of [sqliteDialect, postgresDialect]) {
  const name = `${String(migrations.at(-1)?.version).padStart(4, '0')}.${dialect.kind}.sql`;
  const path = join(import.meta.dirname, '../../schema', name);
  if (existsSync(path)) console.log(`${name} is released and stays as it is.`);
  else writeFileSync(path, snapshot(dialect));
}
