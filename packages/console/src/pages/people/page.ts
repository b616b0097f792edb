import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'people',
  title: { en: 'People', zh: '成员' },
  paths: ['/people'],
  needs: 'people',
  rail: { section: 'operate', order: 3 },
  load: () => import('./people.tsx'),
};
