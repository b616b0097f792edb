import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'wenku-compare',
  title: { en: 'Comparison', zh: '比较' },
  paths: ['/wenku/compare/$before/$after'],
  load: () => import('./wenku-compare.tsx'),
};
