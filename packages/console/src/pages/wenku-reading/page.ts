import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'wenku-reading',
  title: { en: 'Reading', zh: '阅读' },
  paths: ['/wenku/read/$id'],
  load: () => import('./wenku-reading.tsx'),
};
