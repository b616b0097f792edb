import type { DriveFolderAnswer, DriveNodeAnswer, DriveSearchAnswer, DriveSort } from '@myriad/contracts';
import { useApi, usePages } from '../../api/use-api.ts';

export type DriveView = 'folder' | 'shared' | 'week' | 'duplicates' | 'trash' | 'search';

export interface ShownFiles {
  readonly items: readonly DriveNodeAnswer[];
  readonly folder: DriveNodeAnswer | null;
  readonly path: readonly { readonly id: string; readonly name: string }[];
  readonly texts: DriveSearchAnswer['texts'];
  readonly wastedBytes: number;
  readonly pending: boolean;
  readonly error: unknown;
  readonly more: boolean;
  readonly onMore: () => void;
  readonly retry: () => void;
}

const pageSize = '200';
/** How often a list with files that are still being read is asked for again. */
const readingMs = 2_500;

const nothing = { folder: null, path: [], texts: [], wastedBytes: 0, more: false, onMore: () => {} };

/** The files of the view that is open. */
export function useShownFiles(
  view: DriveView,
  folderId: string,
  sort: DriveSort,
  descending: boolean,
  q: string,
  tag: string,
): ShownFiles {
  const folder = usePages(
    'GET /api/drive/folders/:id',
    { params: { id: folderId }, query: { sort, order: descending ? 'desc' : 'asc', limit: pageSize } },
    { enabled: view === 'folder' && folderId !== '', refetchInterval: readingMs * 4 },
  );
  const trash = usePages('GET /api/drive/trash', { query: { limit: pageSize } }, { enabled: view === 'trash' });
  const week = usePages('GET /api/drive/changes', { query: { limit: pageSize } }, { enabled: view === 'week' });
  const twice = useApi('GET /api/drive/duplicates', {}, { enabled: view === 'duplicates' });
  const found = useApi(
    'GET /api/drive/search',
    { query: { ...(q === '' ? {} : { q }), ...(tag === '' ? {} : { tag }) } },
    { enabled: view === 'search', placeholderData: (before: DriveSearchAnswer | undefined) => before } as never,
  );
  const drives = useApi('GET /api/drive', {}, { staleTime: 5_000 });
  const listed = view === 'trash' ? trash : view === 'week' ? week : folder;
  switch (view) {
    case 'search':
      return {
        ...nothing,
        items: found.data?.names ?? [],
        texts: found.data?.texts ?? [],
        pending: found.isPending,
        error: found.error,
        retry: () => void found.refetch(),
      };
    case 'duplicates':
      return {
        ...nothing,
        items: (twice.data?.groups ?? []).flatMap(({ files }) => files),
        wastedBytes: twice.data?.wastedBytes ?? 0,
        pending: twice.isPending,
        error: twice.error,
        retry: () => void twice.refetch(),
      };
    case 'shared':
      return {
        ...nothing,
        items: drives.data?.shared ?? [],
        pending: drives.isPending,
        error: drives.error,
        retry: () => void drives.refetch(),
      };
    default: {
      const first = view === 'folder' ? ((folder.data?.pages ?? [])[0] as DriveFolderAnswer | undefined) : undefined;
      return {
        ...nothing,
        items: listed.items,
        folder: first?.folder ?? null,
        path: first?.path ?? [],
        pending: listed.isPending,
        error: listed.error,
        more: listed.hasNextPage,
        onMore: () => void listed.fetchNextPage(),
        retry: () => void listed.refetch(),
      };
    }
  }
}
