import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'decisions',
  title: { en: 'Decisions', zh: '决定' },
  paths: ['/cockpit/decisions'],
  needs: 'operate',
  rail: { section: 'cockpit', order: 5 },
  load: () => import('./decisions.tsx'),
};
