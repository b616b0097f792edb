import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Where the shared reference files lie: `shared/lift` beside the checkout or beside any of its parents. The room runs
 * and is tested without them; what needs them says loudly that it was skipped.
 *
 * @returns The folder, or null.
 */
export function sharedLiftFolder(from: string = import.meta.dirname): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'shared', 'lift');
    if (existsSync(join(candidate, 'vectors.json'))) return candidate;
    if (folder === dirname(folder)) return null;
  }
}

/** A shared file as text, or null after a warning that names what was not checked. */
export function readShared(name: string): string | null {
  const folder = sharedLiftFolder();
  if (folder && existsSync(join(folder, name))) return readFileSync(join(folder, name), 'utf8');
  console.warn(`SKIPPED: shared/lift/${name} is not beside this checkout, so its reference numbers were NOT checked.`);
  return null;
}
