import { type CompiledManifest, type ManifestIssue, manifestSchema } from '@myriad/contracts';
import { checkManifest } from './check-manifest.ts';
import { compileManifest } from './compile-manifest.ts';
import { hashManifest } from './hash-manifest.ts';
import { placeIssues } from './place-issues.ts';
import { type ReadYaml, readYaml } from './read-yaml.ts';

export interface ValidatedManifest {
  readonly issues: readonly ManifestIssue[];
  /** Null when an issue is an error. */
  readonly manifest: CompiledManifest | null;
  readonly hash: string | null;
}

function validate(yaml: ReadYaml, mcpServers: readonly string[]): ValidatedManifest {
  if (yaml.issues.length > 0) return { issues: yaml.issues, manifest: null, hash: null };
  const parsed = manifestSchema.safeParse(yaml.value ?? {});
  if (!parsed.success) return { issues: placeIssues(parsed.error.issues, yaml), manifest: null, hash: null };
  const issues = checkManifest(parsed.data, yaml, mcpServers);
  if (issues.some(({ severity }) => severity === 'error')) return { issues, manifest: null, hash: null };
  const manifest = compileManifest(parsed.data);
  return { issues, manifest, hash: hashManifest(manifest) };
}

/** Reads, checks and compiles what somebody wrote. Never throws. */
export function validateManifest(source: string, mcpServers: readonly string[] = []): ValidatedManifest {
  return validate(readYaml(source), mcpServers);
}

/** The same for a manifest that is plain data already, as a line of an import is; issues have no line then. */
export function validateManifestData(value: unknown, mcpServers: readonly string[] = []): ValidatedManifest {
  return validate({ value, issues: [], positionOf: () => ({ line: 1, column: 1 }) }, mcpServers);
}
