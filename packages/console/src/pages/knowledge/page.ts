import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'knowledge',
  title: { en: 'Knowledge', zh: '知识' },
  paths: ['/knowledge'],
  needs: 'build',
  rail: { section: 'build', order: 2 },
  load: () => import('./knowledge.tsx'),
};
