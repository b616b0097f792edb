import type { CompiledManifest, ManifestIssue } from '@myriad/contracts';
import { canonicalJson } from './hash-manifest.ts';
import { manifestOf } from './manifest-of.ts';
import { type ValidatedManifest, validateManifestData } from './validate-manifest.ts';

const refused = (message: string): ManifestIssue => ({
  severity: 'error',
  line: 1,
  column: 1,
  field: '',
  message,
  expected: 'the canonical form of a valid manifest',
  didYouMean: null,
});

/**
 * Reads a compiled form that came from outside. It is trusted in nothing: it is written back as a manifest, checked like
 * anyone's, and must compile to the very same bytes.
 */
export function readCompiled(
  value: object,
  mcpServers: readonly string[],
): ValidatedManifest & { readonly source: string } {
  let written: Record<string, unknown>;
  try {
    written = manifestOf(value as CompiledManifest);
  } catch {
    return { issues: [refused('The compiled form lacks fields.')], manifest: null, hash: null, source: '' };
  }
  const source = JSON.stringify(written, null, 1);
  const checked = validateManifestData(written, mcpServers);
  if (!checked.manifest || canonicalJson(checked.manifest) === canonicalJson(value)) return { ...checked, source };
  return { issues: [refused('The compiled form is not canonical.')], manifest: null, hash: null, source };
}
