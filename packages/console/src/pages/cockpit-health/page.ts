import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'cockpit-health',
  title: { en: 'A/A health', zh: 'A/A 检验' },
  paths: ['/cockpit/health'],
  needs: 'operate',
  load: () => import('./cockpit-health.tsx'),
};
