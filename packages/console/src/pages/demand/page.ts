import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'demand',
  title: { en: 'Demand', zh: '需求' },
  paths: ['/cockpit/demand'],
  needs: 'operate',
  rail: { section: 'cockpit', order: 4 },
  load: () => import('./demand.tsx'),
};
