import { MyriadError } from '@myriad/contracts';

/**
 * What is used of `@duckdb/node-api`. Its own types are not imported: `npm ci` does not install the package, and the
 * house must type-check without it.
 */
export interface Duckdb {
  readonly DuckDBInstance: {
    create(path: string, options?: Readonly<Record<string, string>>): Promise<DuckdbInstance>;
  };
}
export interface DuckdbInstance {
  connect(): Promise<{
    run(sql: string): Promise<unknown>;
    stream(sql: string): Promise<{ yieldRowObjects(): AsyncIterable<readonly object[]> }>;
    closeSync(): void;
  }>;
  closeSync(): void;
}

const name = '@duckdb/node-api';

/** What to do when DuckDB files are to be read and the package is not there. */
export const addDuckdb = `DuckDB files need the package ${name}, which is not installed because of its size (70 MB). Add it with: npm install --no-save ${name}@1.5.6-r.1`;

/** @throws MyriadError `capability_unavailable` saying how to add it. */
export async function importDuckdb(): Promise<Duckdb> {
  try {
    return (await import(name)) as Duckdb;
  } catch (cause) {
    throw new MyriadError('capability_unavailable', addDuckdb, { cause });
  }
}

/** True when the package can be found; it is not loaded for that. */
export function hasDuckdb(): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}
