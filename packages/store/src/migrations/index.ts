import { firstSchema } from './0001-first-schema.ts';
import { logOrder } from './0002-log-order.ts';
import { batches } from './0014-batches.ts';
import { kpiIntake } from './0018-kpi-intake.ts';
import { driveTables } from './0020-drive.ts';
import { wenkuTables } from './0025-wenku.ts';
import { searchTables } from './0029-search.ts';
import type { Migration } from './migration.ts';

/** Every migration, oldest first. */
export const migrations: readonly Migration[] = [
  firstSchema,
  logOrder,
  batches,
  kpiIntake,
  driveTables,
  wenkuTables,
  searchTables,
];
