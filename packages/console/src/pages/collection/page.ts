import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'collection',
  title: { en: 'Collection', zh: '知识库' },
  paths: ['/knowledge/$collection'],
  needs: 'build',
  load: () => import('./collection.tsx'),
};
