import type { QueryClient } from '@tanstack/react-query';
import { refreshRoutes } from '../api/use-api.ts';

/** Asks anew for everything that a change of the drive may have changed. */
export function refreshDrive(queries: QueryClient): Promise<void> {
  return refreshRoutes(queries, [
    'GET /api/drive',
    'GET /api/drive/folders/:id',
    'GET /api/drive/nodes/:id',
    'GET /api/drive/trash',
    'GET /api/drive/search',
    'GET /api/drive/changes',
    'GET /api/drive/duplicates',
    'GET /api/drive/tags',
    'GET /api/drive/nodes/:id/sharing',
  ]);
}
