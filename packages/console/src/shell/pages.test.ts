import { expect, test } from 'vitest';
import { pageAt } from './page-at.ts';
import { pages, railOf, railSections } from './pages.ts';

const names = (may: Parameters<typeof railOf>[1]) =>
  railSections.map((section) => railOf(section, may).map(({ name }) => name));

test('a member sees the apps and nothing else', () => {
  expect(names([])).toEqual([['assistant', 'apps', 'search', 'wenku', 'drive', 'quantum'], [], [], []]);
});

test('an owner sees every section in order', () => {
  expect(names(['build', 'operate', 'people', 'models', 'settings'])).toEqual([
    ['assistant', 'search', 'wenku', 'drive', 'quantum'],
    ['portfolio', 'experiments', 'kpis', 'demand', 'decisions'],
    ['apps', 'knowledge', 'models'],
    ['runs', 'spend', 'people', 'settings'],
  ]);
});

test('no two pages claim one address, and no two share a name', () => {
  const paths = pages.flatMap((page) => page.paths.map((path) => path.replace(/\$\w+/g, '$')));
  expect(new Set(paths).size).toBe(paths.length);
  expect(new Set(pages.map(({ name }) => name)).size).toBe(pages.length);
});

test.each([
  ['/', 'assistant'],
  ['/chat/conv_1', 'assistant'],
  ['/apps/new', 'new-app'],
  ['/app/refund-desk', 'app'],
  ['/app/refund-desk/chat/conv_1', 'app-chat'],
  ['/knowledge/col_1', 'collection'],
  ['/cockpit', 'portfolio'],
  ['/cockpit/apps/refund-desk', 'lift'],
  ['/cockpit/health', 'cockpit-health'],
  ['/nowhere', undefined],
])('%s is the page %s', (address, name) => {
  expect(pageAt(address)?.name).toBe(name);
});
