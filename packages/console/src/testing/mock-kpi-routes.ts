import type { KpiIntakeRoutes } from '@myriad/contracts';
import { MockRefusal, type MockRoutes } from './mock-types.ts';

const noSource = (): never => {
  throw new MockRefusal('not_found', 'The mock reads no database.');
};

/** The intake of a mock: what came in for one KPI, and no source. */
export const kpiIntakeRoutes: Required<Pick<MockRoutes, keyof KpiIntakeRoutes>> = {
  'GET /api/kpi/quality': ({ now }) => ({
    items: [
      {
        ...{ kpi: 'refund_cycle_hours', accepted: 18_204, duplicates: 31, late: 112, ahead: 4, corrections: 9 },
        rejected: [
          { code: 'invalid_value', count: 3, sample: 'value: expected a finite number.', lastAt: now() - 86_400_000 },
        ],
        ...{ lastReceivedAt: now() - 40_000, lastTime: now() - 52_000, lagMs: 12_000, known: true, unknownUnits: 71 },
      },
    ],
  }),
  'GET /api/kpi/sources': () => ({ items: [], kinds: [] }),
  'PUT /api/kpi/sources/:name': noSource,
  'DELETE /api/kpi/sources/:name': noSource,
  'POST /api/kpi/sources/:name/test': noSource,
  'POST /api/kpi/sources/:name/run': noSource,
};
