import { hash } from 'node:crypto';
import type { CompiledManifest } from '@myriad/contracts';

const plainWord = /^[\w $:/.-]*$/;

/** A text in JSON; letters, digits and the like need no escape, which is most of what is written here. */
const quote = (text: string) => (text.length < 64 && plainWord.test(text) ? `"${text}"` : JSON.stringify(text));

/** JSON with the keys of every object sorted, so that equal content has equal bytes. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) {
    let list = '[';
    for (let at = 0; at < value.length; at += 1) list += (at === 0 ? '' : ',') + canonicalJson(value[at]);
    return `${list}]`;
  }
  const fields = value as Record<string, unknown>;
  let text = '{';
  for (const key of Object.keys(fields).sort()) {
    if (fields[key] === undefined) continue;
    text += `${text.length === 1 ? '' : ','}${quote(key)}:${canonicalJson(fields[key])}`;
  }
  return `${text}}`;
}

/** Identity of a version: SHA-256 of its canonical JSON, in hex. */
export function hashManifest(manifest: CompiledManifest): string {
  return hash('sha256', canonicalJson(manifest), 'hex');
}
