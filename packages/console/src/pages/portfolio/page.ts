import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'portfolio',
  title: { en: 'Portfolio', zh: '全局' },
  paths: ['/cockpit'],
  needs: 'operate',
  rail: { section: 'cockpit', order: 1, counts: 'decisions' },
  load: () => import('./portfolio.tsx'),
};
