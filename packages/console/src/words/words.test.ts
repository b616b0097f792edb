import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Words } from './define-words.ts';
import { firstLanguage, initWords } from './language.ts';

const root = join(import.meta.dirname, '..');
const files = globSync('**/*.ts', { cwd: root }).filter(
  (file) => /words\.ts$|words\/(common|failures)\.ts$/.test(file) && !file.endsWith('define-words.ts'),
);
const all: Words<Record<string, string>>[] = [];
for (const file of files) {
  for (const value of Object.values(await import(join(root, file)))) {
    if (typeof value === 'object' && value !== null && 'en' in value && 'zh' in value)
      all.push(value as (typeof all)[number]);
  }
}
const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();

test('every page has words, each set with a name of its own', () => {
  expect(all.length).toBeGreaterThan(14);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
});

test.each(all.map((words) => [words.name, words] as const))('%s says everything in both languages', (_, words) => {
  const english = Object.keys(words.en).filter((key) => !key.endsWith('_one'));
  expect(Object.keys(words.zh).sort()).toEqual(english.sort());
});

test.each(all.map((words) => [words.name, words] as const))(
  '%s leaves the same holes in both languages',
  (_, words) => {
    for (const [key, text] of Object.entries(words.zh)) {
      expect([key, holes(text as string)]).toEqual([key, holes(words.en[key] ?? '')]);
    }
  },
);

test.each(all.map((words) => [words.name, words] as const))(
  '%s has no emoji, and no typed space between Chinese and Latin',
  (_, words) => {
    for (const text of [...Object.values(words.en), ...Object.values(words.zh)]) {
      expect(text).not.toMatch(/\p{Extended_Pictographic}/u);
    }
  },
);

test('a counted noun follows its number in English and has one form in Chinese', async () => {
  const { say } = await import('./define-words.ts');
  const { common } = await import('./common.ts');
  initWords('en');
  const speak = say(common);
  expect([speak('pages', { count: 1 }), speak('pages', { count: 3 })]).toEqual(['1 page', '3 pages']);
  const { default: i18next } = await import('i18next');
  await i18next.changeLanguage('zh');
  expect([speak('pages', { count: 1 }), speak('pages', { count: 3 })]).toEqual(['1 页', '3 页']);
});

test('a kept choice wins over the browser, and the browser over the node', () => {
  expect(firstLanguage('zh', ['en-GB'], 'en')).toBe('zh');
  expect(firstLanguage(null, ['fr-FR', 'zh-TW', 'en'], 'en')).toBe('zh');
  expect(firstLanguage(null, ['fr-FR'], 'zh')).toBe('zh');
});
