import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'wenku-document',
  title: { en: 'Document', zh: '文档' },
  paths: ['/wenku/$id'],
  frame: 'full',
  load: () => import('./wenku-document.tsx'),
};
