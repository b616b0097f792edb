import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'apps',
  title: { en: 'Apps', zh: '应用' },
  paths: ['/apps'],
  rail: { section: 'build', order: 1, icon: 'apps', sectionOfReaders: 'apps' },
  load: () => import('./apps.tsx'),
};
