import BetterSqlite3, { type Database } from 'better-sqlite3';
import type { WriterOptions } from './writer-messages.ts';

const pageBytes = 4_096;

/**
 * Opens a connection with the settings that durability rests on: write-ahead log, and `synchronous = full`, so that a
 * commit returns only after the log is on the disk.
 */
export function openConnection({ file, role, maxBytes }: WriterOptions): Database {
  const connection = new BetterSqlite3(file, { readonly: role === 'read', fileMustExist: role === 'read' });
  connection.pragma('busy_timeout = 10000');
  if (role === 'write') {
    connection.pragma('journal_mode = wal');
    connection.pragma('synchronous = full');
    connection.pragma('wal_autocheckpoint = 8000');
    connection.pragma('journal_size_limit = 67108864');
    connection.pragma('cache_size = -32000');
    if (maxBytes !== null) connection.pragma(`max_page_count = ${Math.max(1, Math.floor(maxBytes / pageBytes))}`);
  } else {
    connection.pragma('cache_size = -16000');
  }
  connection.pragma('foreign_keys = on');
  connection.pragma('temp_store = memory');
  return connection;
}
