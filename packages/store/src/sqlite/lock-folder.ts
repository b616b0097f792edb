import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MyriadError } from '@myriad/contracts';
import BetterSqlite3 from 'better-sqlite3';
import { withFailures } from './sqlite-failure.ts';

/** Files of the lock; a backup leaves them out, since opening and closing the first would drop the lock. */
export const lockFiles: readonly string[] = ['lock.db', 'lock.pid'];

/**
 * Makes this process the only one that uses the folder. The lock is the operating system's own, on a file that SQLite
 * keeps locked, so it ends with the process however it dies; the number in `lock.pid` only tells people who holds it.
 *
 * @returns A function that gives the lock back.
 * @throws MyriadError `storage_locked` with the other process's `pid`, or `storage_read_only`.
 */
export function lockFolder(folder: string): () => void {
  const lock = withFailures(() => new BetterSqlite3(join(folder, 'lock.db'), { timeout: 0 }));
  const note = join(folder, 'lock.pid');
  try {
    lock.pragma('locking_mode = exclusive');
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!code.startsWith('SQLITE_BUSY') && !code.startsWith('SQLITE_LOCKED')) {
      return withFailures(() => {
        throw error;
      });
    }
    const pid = readPid(note);
    throw new MyriadError(
      'storage_locked',
      `The data folder ${folder} is used by ${pid === null ? 'another process' : `process ${pid}`}. Stop it first, or choose another folder.`,
      { facts: { folder, pid } },
    );
  }
  withFailures(() => writeFileSync(note, `${process.pid}\n`));
  return () => {
    lock.exec('rollback');
    lock.close();
  };
}

function readPid(note: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(note, 'utf8'), 10);
    return Number.isInteger(pid) ? pid : null;
  } catch {
    return null;
  }
}
