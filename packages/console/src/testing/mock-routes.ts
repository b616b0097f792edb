import { appRoutes } from './mock-app-routes.ts';
import { chatRoutes } from './mock-chat-routes.ts';
import { cockpitRoutes } from './mock-cockpit-routes.ts';
import { driveRoutes } from './mock-drive-routes.ts';
import { experimentRoutes } from './mock-experiment-routes.ts';
import { houseRoutes } from './mock-house-routes.ts';
import { knowledgeRoutes } from './mock-knowledge-routes.ts';
import { kpiIntakeRoutes } from './mock-kpi-routes.ts';
import { quantumRoutes } from './mock-quantum-routes.ts';
import { searchRoutes } from './mock-search-routes.ts';
import type { MockRoutes } from './mock-types.ts';
import { wenkuRoutes } from './mock-wenku-routes.ts';

export const mockRoutes: MockRoutes = {
  ...houseRoutes,
  ...appRoutes,
  ...chatRoutes,
  ...knowledgeRoutes,
  ...quantumRoutes,
  ...searchRoutes,
  ...driveRoutes,
  ...cockpitRoutes,
  ...wenkuRoutes,
  ...experimentRoutes,
  ...kpiIntakeRoutes,
};
