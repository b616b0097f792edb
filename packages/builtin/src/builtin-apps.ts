import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BuiltinApp {
  readonly name: string;
  /** The manifest as written; registered like anyone's. */
  readonly source: string;
}

/** Built-in apps with their folders, in the order in which the catalogue shows them. */
const folders: Readonly<Record<string, string>> = {
  assistant: 'assistant',
  search: 'search',
  wenku: 'wenku',
  drive: 'drive',
  'quantum-lab': 'quantum',
};

/** Manifests of the apps that every house begins with. */
export function builtinApps(): readonly BuiltinApp[] {
  return Object.entries(folders).map(([name, folder]) => ({
    name,
    source: readFileSync(join(import.meta.dirname, folder, 'app.yaml'), 'utf8'),
  }));
}
