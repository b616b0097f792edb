/** Names of the models that the operator started and did not stop; they are started again with the node. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

export async function readStarted(path: string): Promise<readonly string[]> {
  try {
    return z.array(z.string()).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return [];
  }
}

export async function writeStarted(path: string, names: readonly string[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, JSON.stringify(names), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
