import { MyriadError } from '@myriad/contracts';
import type { Migration } from './migration.ts';

/**
 * Which migrations bring a schema to the newest version.
 *
 * @param current Version found in the data; 0 for none.
 * @throws MyriadError `migration_failed` when the data was written by a newer Myriad: going back is not possible.
 */
export function planMigrations(current: number, all: readonly Migration[]): readonly Migration[] {
  const newest = all.at(-1)?.version ?? 0;
  if (current > newest) {
    throw new MyriadError(
      'migration_failed',
      `The data has schema version ${current}; this Myriad knows versions up to ${newest}. Start the newer Myriad that wrote it, or restore a backup made before.`,
      { facts: { current, newest } },
    );
  }
  return all.filter(({ version }) => version > current);
}
