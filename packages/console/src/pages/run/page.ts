import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'run',
  title: { en: 'Run', zh: '运行' },
  paths: ['/runs/$run'],
  needs: 'operate',
  load: () => import('./run.tsx'),
};
