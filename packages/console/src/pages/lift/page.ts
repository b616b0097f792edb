import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'lift',
  title: { en: 'App lift', zh: '应用成效' },
  paths: ['/cockpit/apps/$app'],
  needs: 'operate',
  load: () => import('./lift.tsx'),
};
