import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BuiltinApp {
  readonly name: string;
  /** The manifest as written; registered like anyone's. */
  readonly source: string;
}

/** Folders of the built-in apps, in the order in which the catalogue shows them. */
const names = ['assistant', 'quantum'] as const;

/** Manifests of the apps that every house begins with. */
export function builtinApps(): readonly BuiltinApp[] {
  return names.map((name) => ({ name, source: readFileSync(join(import.meta.dirname, name, 'app.yaml'), 'utf8') }));
}
