import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSeal, nodeKey } from './seal.ts';

const key = new Uint8Array(32).fill(7);

test('a sealed secret opens under its own name and key only', () => {
  const seal = createSeal(key);
  const sealed = seal.seal('sk-very-secret', 'model:a');
  expect(Buffer.from(sealed).includes('sk-very-secret')).toBe(false);
  expect(seal.open(sealed, 'model:a')).toBe('sk-very-secret');
  expect(() => seal.open(sealed, 'model:b')).toThrow(/cannot be opened/);
  expect(() => createSeal(new Uint8Array(32)).open(sealed, 'model:a')).toThrow(/cannot be opened/);
});

test('one changed byte is noticed', () => {
  const seal = createSeal(key);
  const sealed = Uint8Array.from(seal.seal('secret', 'n'));
  for (let at = 0; at < sealed.length; at += 1) {
    const broken = Uint8Array.from(sealed);
    broken[at] = (broken[at] as number) ^ 1;
    expect(() => seal.open(broken, 'n')).toThrow();
  }
});

test('the node key is made once, readable by its owner only', () => {
  const folder = mkdtempSync(join(tmpdir(), 'myriad-key-'));
  const first = nodeKey(folder);
  expect(Buffer.from(nodeKey(folder)).equals(Buffer.from(first))).toBe(true);
  expect(statSync(join(folder, 'secret.key')).mode & 0o777).toBe(0o600);
});
