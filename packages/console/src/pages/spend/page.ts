import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'spend',
  title: { en: 'Spend', zh: '花费' },
  paths: ['/spend'],
  needs: 'operate',
  rail: { section: 'operate', order: 2 },
  load: () => import('./spend.tsx'),
};
