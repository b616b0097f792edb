import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'new-app',
  title: { en: 'New app', zh: '新建应用' },
  paths: ['/apps/new'],
  needs: 'build',
  load: () => import('./new-app.tsx'),
};
