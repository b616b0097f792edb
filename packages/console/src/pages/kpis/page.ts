import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'kpis',
  title: { en: 'KPIs', zh: '指标' },
  paths: ['/cockpit/kpis'],
  needs: 'operate',
  rail: { section: 'cockpit', order: 3 },
  load: () => import('./kpis.tsx'),
};
