import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'assistant',
  title: { en: 'Assistant', zh: '助手' },
  paths: ['/', '/chat/$conversation'],
  frame: 'full',
  rail: { section: 'apps', order: 0, icon: 'assistant' },
  load: () => import('./assistant.tsx'),
};
