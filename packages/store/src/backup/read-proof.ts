import { MyriadError } from '@myriad/contracts';
import BetterSqlite3 from 'better-sqlite3';
import { type ChainVerdict, verifyChain } from '../audit/audit-chain.ts';
import { auditCodec } from '../records/codecs.ts';
import type { BackupManifest } from './backup-manifest.ts';

/**
 * What a database file shows of itself when read from its own bytes: that it is sound, how many rows each table has, and
 * where the audit chain ends.
 *
 * @throws MyriadError `storage_corrupt` when SQLite's own check finds a fault.
 */
export function readProof(file: string): Pick<BackupManifest, 'rows' | 'audit'> {
  const connection = new BetterSqlite3(file, { readonly: true, fileMustExist: true });
  try {
    const verdict = connection.pragma('integrity_check(1)', { simple: true });
    if (verdict !== 'ok') throw new MyriadError('storage_corrupt', `The database file is damaged: ${verdict}`);
    const tables = connection
      .prepare<[], { name: string }>(
        `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and sql not like 'create virtual%'
          and name not like 'appIndex%' and name not like 'passageIndex%' and name not like 'driveIndex%' order by name`,
      )
      .all();
    const rows: Record<string, number> = {};
    for (const { name } of tables) {
      rows[name] = connection.prepare<[], { rows: number }>(`select count(*) as rows from "${name}"`).get()?.rows ?? 0;
    }
    const last = connection
      .prepare<[], { sequence: number; hash: string }>(
        'select sequence, hash from audit order by sequence desc limit 1',
      )
      .get();
    return { rows, audit: { entries: last?.sequence ?? 0, lastHash: last?.hash ?? null } };
  } finally {
    connection.close();
  }
}

/** Recomputes the whole audit chain of a database file. */
export function verifyAuditOfFile(file: string): ChainVerdict {
  const connection = new BetterSqlite3(file, { readonly: true, fileMustExist: true });
  try {
    const next = connection.prepare<[number], Record<string, unknown>>(
      'select * from audit where sequence > ? order by sequence limit 1000',
    );
    let verdict = verifyChain([]);
    for (;;) {
      const rows = next.all(verdict.last.sequence);
      if (rows.length === 0) return verdict;
      verdict = verifyChain(
        rows.map((row) => auditCodec.decode(row)),
        verdict.last,
      );
      if (verdict.brokenAt !== null) return verdict;
    }
  } finally {
    connection.close();
  }
}
