import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'app',
  title: { en: 'App', zh: '应用' },
  paths: ['/app/$name'],
  load: () => import('./app.tsx'),
};
