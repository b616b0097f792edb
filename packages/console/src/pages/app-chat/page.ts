import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'app-chat',
  title: { en: 'Chat with an app', zh: '与应用对话' },
  paths: ['/app/$name/chat', '/app/$name/chat/$conversation'],
  frame: 'full',
  load: () => import('./app-chat.tsx'),
};
