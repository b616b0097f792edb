import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'settings',
  title: { en: 'Settings', zh: '设置' },
  paths: ['/settings'],
  rail: { section: 'operate', order: 4, needs: 'settings' },
  load: () => import('./settings.tsx'),
};
