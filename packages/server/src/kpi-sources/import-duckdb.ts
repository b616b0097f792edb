import { MyriadError } from '@myriad/contracts';

/** What to do when DuckDB files are to be read and the package is not there. */
export const addDuckdb =
  'DuckDB files need the package @duckdb/node-api, which is not installed because of its size. Add it with: npm install @duckdb/node-api@1.5.6-r.1';

/** @throws MyriadError `capability_unavailable` saying how to add it. */
export async function importDuckdb(): Promise<typeof import('@duckdb/node-api')> {
  try {
    return await import('@duckdb/node-api');
  } catch (cause) {
    throw new MyriadError('capability_unavailable', addDuckdb, { cause });
  }
}

/** True when the package can be found; it is not loaded for that. */
export function hasDuckdb(): boolean {
  try {
    import.meta.resolve('@duckdb/node-api');
    return true;
  } catch {
    return false;
  }
}
