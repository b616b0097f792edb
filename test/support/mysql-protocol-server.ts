/**
 * The protocol of MySQL, spoken by the server half of `mysql2`, over an SQLite database in memory: the reader meets real
 * packets wherever `npm ci` has run. What is of MySQL alone (its types, its time zones) is tried on MariaDB.
 */
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const fromServer = createRequire(join(import.meta.dirname, '../../packages/server/package.json'));
const mysql = fromServer('mysql2') as typeof import('mysql2');
const BetterSqlite3 = fromServer('better-sqlite3') as typeof import('better-sqlite3');

/** The parts of a connection of mysql2's server that its types leave out. */
interface Peer {
  on(event: string, listener: (...facts: never[]) => void): void;
  serverHandshake(facts: object): void;
  writeOk(): void;
  writeEof(): void;
  writeColumns(columns: readonly object[]): void;
  writeTextRow(values: readonly unknown[]): void;
  writeError(error: { readonly code: number; readonly message: string }): void;
  stream: { destroy(): void };
  sequenceId: number;
}

export interface MysqlProtocolServer {
  readonly port: number;
  readonly database: InstanceType<typeof BetterSqlite3>;
  /** Every statement that came, in order. */
  readonly heard: readonly string[];
  /** What the next query meets instead of its rows. */
  next(fate: 'rows' | 'silence' | 'cut'): void;
  stop(): Promise<void>;
}

const varchar = 0xfd;

export async function startMysqlProtocol(user: string): Promise<MysqlProtocolServer> {
  const database = new BetterSqlite3(':memory:');
  const heard: string[] = [];
  const peers = new Set<Peer>();
  let fate: 'rows' | 'silence' | 'cut' = 'rows';
  const server = (
    mysql as unknown as { createServer(): import('node:events').EventEmitter & ServerHalf }
  ).createServer();
  server.on('connection', (peer: Peer) => {
    peers.add(peer);
    peer.on('error', () => {});
    peer.serverHandshake({
      ...{ protocolVersion: 10, serverVersion: '8.0.0-protocol', connectionId: peers.size, statusFlags: 2 },
      ...{ characterSet: 45, capabilityFlags: 0xffffff & ~0x800 & ~0x20 },
      authCallback: (
        facts: { user: string },
        done: (error: null, refused?: { code: number; message: string }) => void,
      ) =>
        facts.user === user
          ? done(null)
          : done(null, { code: 1045, message: `Access denied for user '${facts.user}'` }),
    });
    const answer = (sql: string) => {
      reply(sql);
      // Each command of a client is numbered from 0.
      peer.sequenceId = 0;
    };
    const reply = (sql: string) => {
      heard.push(sql);
      if (!/^\s*select/i.test(sql)) return peer.writeOk();
      if (fate === 'silence') return;
      try {
        const statement = database.prepare(sql).raw(true);
        const names = statement.columns().map(({ name }) => name);
        peer.writeColumns(
          names.map((name) => ({
            ...{ catalog: 'def', schema: 'shop', table: 't', orgTable: 't', name, orgName: name },
            ...{ characterSet: 45, columnLength: 1_024, columnType: varchar, flags: 0, decimals: 0 },
          })),
        );
        let sent = 0;
        for (const row of statement.iterate() as IterableIterator<unknown[]>) {
          peer.writeTextRow(row.map((value) => (value === null ? null : String(value))));
          sent += 1;
          if (fate === 'cut' && sent === 10) return peer.stream.destroy();
        }
        peer.writeEof();
      } catch (error) {
        peer.writeError({ code: 1064, message: (error as Error).message });
      }
    };
    peer.on('query', answer as never);
    // mysql2 files a query that begins with SET under the prepared statements.
    peer.on('stmt_prepare', answer as never);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server._server.address() as AddressInfo).port,
    database,
    heard,
    next: (wanted) => {
      fate = wanted;
    },
    async stop() {
      for (const peer of peers) peer.stream.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      database.close();
    },
  };
}

interface ServerHalf {
  readonly _server: import('node:net').Server;
  listen(port: number, host: string, done: () => void): void;
  close(done: () => void): void;
}
