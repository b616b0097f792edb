import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'shared-search',
  title: { en: 'Shared search', zh: '共享的搜索' },
  paths: ['/search/shared/$share'],
  load: () => import('./shared-search.tsx'),
};
