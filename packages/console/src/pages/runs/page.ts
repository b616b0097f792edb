import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'runs',
  title: { en: 'Runs', zh: '运行' },
  paths: ['/runs'],
  needs: 'operate',
  rail: { section: 'operate', order: 1 },
  load: () => import('./runs.tsx'),
};
