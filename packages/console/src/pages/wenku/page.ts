import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'wenku',
  title: { en: 'Wenku', zh: '文库' },
  paths: ['/wenku'],
  rail: { section: 'apps', order: 3, icon: 'file' },
  load: () => import('./wenku.tsx'),
};
