import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'drive-link',
  title: { en: 'Shared with you', zh: '分享给你的文件' },
  paths: ['/s/$token'],
  frame: 'open',
  load: () => import('./drive-link.tsx'),
};
