import { hash } from 'node:crypto';
import type { CompiledManifest } from '@myriad/contracts';

/** JSON with the keys of every object sorted, so that equal content has equal bytes. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = value as Record<string, unknown>;
  const parts: string[] = [];
  for (const key of Object.keys(fields).sort()) {
    if (fields[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalJson(fields[key])}`);
  }
  return `{${parts.join(',')}}`;
}

/** Identity of a version: SHA-256 of its canonical JSON, in hex. */
export function hashManifest(manifest: CompiledManifest): string {
  return hash('sha256', canonicalJson(manifest), 'hex');
}
