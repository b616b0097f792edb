import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'invite',
  title: { en: 'Invitation', zh: '邀请' },
  paths: ['/invite'],
  frame: 'open',
  load: () => import('./invite.tsx'),
};
