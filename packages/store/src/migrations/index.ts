import { firstSchema } from './0001-first-schema.ts';
import { logOrder } from './0002-log-order.ts';
import { batches } from './0003-batches.ts';
import { kpiIntake } from './0004-kpi-intake.ts';
import { driveTables } from './0005-drive.ts';
import { wenkuTables } from './0006-wenku.ts';
import { searchTables } from './0007-search.ts';
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
