import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'models',
  title: { en: 'Models', zh: '模型' },
  paths: ['/models'],
  needs: 'models',
  rail: { section: 'build', order: 3 },
  load: () => import('./models.tsx'),
};
