import type { Page } from '../../shell/pages.ts';

export const page: Page = {
  name: 'quantum',
  title: { en: 'Quantum Lab', zh: '太章量子实验室' },
  paths: ['/quantum'],
  rail: { section: 'apps', order: 5 },
  load: () => import('./quantum.tsx'),
};
