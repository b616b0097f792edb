/** Kysely on our threads: reads on the calling thread's own connection, everything else through the one writer. */
import { MyriadError } from '@myriad/contracts';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqlValue, StepResult } from '../database/batch.ts';
import { statement } from '../database/statements.ts';
import type { Prepare } from './apply-batch.ts';
import type { GroupCommit, WriteSession } from './group-commit.ts';
import { withFailures } from './sqlite-failure.ts';

const readsOnly = /^\s*(select|with|values|pragma|explain)\b/i;
const changes = /\b(insert|update|delete|replace)\b/i;

export function threadDialect(read: Prepare, writer: GroupCommit): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => threadDriver(read, writer),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

class ThreadConnection implements DatabaseConnection {
  session: WriteSession | null = null;
  readonly #read: Prepare;
  readonly writer: GroupCommit;

  constructor(read: Prepare, writer: GroupCommit) {
    this.#read = read;
    this.writer = writer;
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const params = parameters as readonly SqlValue[];
    if (this.session) return queryResult(await this.session.run(statement(sql, params)));
    if (readsOnly.test(sql) && !(/^\s*with\b/i.test(sql) && changes.test(sql))) {
      return { rows: withFailures(() => this.#read(sql).all(...params)) as Row[] };
    }
    const [result] = await this.writer.write([statement(sql, params)]);
    return queryResult(result as StepResult);
  }

  // biome-ignore lint/correctness/useYield: the port wants a generator, and this database reads whole answers.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new MyriadError('unsupported', 'Rows are read in pages here, not streamed.');
  }
}

function queryResult<Row>(result: StepResult): QueryResult<Row> {
  return { rows: result.rows as unknown as Row[], numAffectedRows: BigInt(result.changes) };
}

function threadDriver(read: Prepare, writer: GroupCommit): Driver {
  const inSession = async (connection: DatabaseConnection, sql: string) => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  const finish = async (connection: DatabaseConnection, how: 'commit' | 'rollback') => {
    if (!(connection instanceof ThreadConnection) || !connection.session) return;
    const { session } = connection;
    connection.session = null;
    await session.finish(how);
  };
  return {
    async init() {},
    acquireConnection: async () => new ThreadConnection(read, writer),
    async beginTransaction(connection) {
      if (connection instanceof ThreadConnection) connection.session = await connection.writer.openSession();
    },
    commitTransaction: (connection) => finish(connection, 'commit'),
    rollbackTransaction: (connection) => finish(connection, 'rollback'),
    savepoint: (connection, name) => inSession(connection, `savepoint "${name}"`),
    rollbackToSavepoint: (connection, name) => inSession(connection, `rollback to "${name}"`),
    releaseSavepoint: (connection, name) => inSession(connection, `release "${name}"`),
    async releaseConnection() {},
    async destroy() {},
  };
}
