import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'experiments',
  title: { en: 'Experiments', zh: '实验' },
  paths: ['/cockpit/experiments'],
  needs: 'operate',
  rail: { section: 'cockpit', order: 2 },
  load: () => import('./experiments.tsx'),
};
