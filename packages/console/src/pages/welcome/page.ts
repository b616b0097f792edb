import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'welcome',
  title: { en: 'Welcome', zh: '欢迎' },
  paths: ['/welcome'],
  frame: 'open',
  load: () => import('./welcome.tsx'),
};
