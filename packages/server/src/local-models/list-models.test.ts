import { expect, test } from 'vitest';
import { checkHop } from './check-address.ts';
import { listModels, throughMirror } from './list-models.ts';
import { offeredModels } from './offered-models.ts';

const sha256 = 'b'.repeat(64);

test('every offered model has a pinned revision, a checksum, a licence, and where its facts are from', () => {
  for (const model of offeredModels) {
    expect(model.url).toMatch(/^https:\/\/huggingface\.co\/[^/]+\/[^/]+\/resolve\/[0-9a-f]{40}\/[\w.-]+\.gguf$/);
    expect(model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(model.sizeBytes).toBeGreaterThan(1e8);
    expect(model.licence).toBe('Apache-2.0');
    expect(model.facts.source).toMatch(/^https:/);
    expect(model.facts.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  }
  expect(new Set(offeredModels.map((model) => model.sha256)).size).toBe(offeredModels.length);
});

test('the mirror takes the place of the host, and keeps the path', () => {
  expect(throughMirror('https://huggingface.co/Qwen/a.gguf', undefined)).toBe('https://huggingface.co/Qwen/a.gguf');
  expect(throughMirror('https://huggingface.co/Qwen/a.gguf', 'http://weights.lan:8000/hf/')).toBe(
    'http://weights.lan:8000/hf/Qwen/a.gguf',
  );
  const [first] = listModels({ localModels: [], modelMirror: 'https://models.example.org' });
  expect([first?.mirrored, first?.url.startsWith('https://models.example.org/Qwen/')]).toEqual([true, true]);
});

test('an own entry replaces the offered one of its name, and is not mirrored', () => {
  const own = { name: 'qwen3-4b', url: 'https://files.example.org/own.gguf', sha256 };
  const models = listModels({ localModels: [own], modelMirror: 'https://models.example.org' });
  expect(models.filter(({ name }) => name === 'qwen3-4b')).toMatchObject([
    { url: own.url, mirrored: false, source: 'config', sha256 },
  ]);
});

test('an own entry in the clear off this machine, or two of one name, are refused at the start', () => {
  const list = (...urls: string[]) =>
    listModels({ localModels: urls.map((url) => ({ name: 'own', url })), modelMirror: undefined });
  expect(() => list('http://files.example.org/own.gguf')).toThrow(/not https/);
  expect(list('http://127.0.0.1:9/own.gguf')).toHaveLength(offeredModels.length + 1);
  expect(() => list('https://a.example/a.gguf', 'https://a.example/b.gguf')).toThrow(/two entries named "own"/);
});

test('a redirect may lead to https anywhere and back to the mirror, never inward or into the clear', () => {
  const hop = (to: string, from = 'https://huggingface.co/a') => checkHop(new URL(to), new URL(from));
  hop('https://cdn.example.org/a?signed=1');
  hop('http://weights.lan:8000/b', 'http://weights.lan:8000/a');
  for (const [to, from] of [
    ['http://cdn.example.org/a'],
    ['https://127.0.0.1/a'],
    ['http://localhost:8420/api/status'],
    ['http://other.lan/b', 'http://weights.lan:8000/a'],
    ['https://user:word@cdn.example.org/a'],
  ] as const)
    expect(() => hop(to, from)).toThrow(expect.objectContaining({ code: 'address_blocked' }));
});
