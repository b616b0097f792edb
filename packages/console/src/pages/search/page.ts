import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'search',
  title: { en: 'Search', zh: '搜索' },
  paths: ['/search', '/search/$thread'],
  frame: 'full',
  rail: { section: 'apps', order: 1, icon: 'search' },
  load: () => import('./search.tsx'),
};
