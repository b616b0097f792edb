import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'drive',
  title: { en: 'Drive', zh: '网盘' },
  paths: ['/drive', '/drive/$folder'],
  rail: { section: 'apps', order: 4, icon: 'folder' },
  load: () => import('./drive.tsx'),
};
