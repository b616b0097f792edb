/** Short calls that tests make of a drive. */
import type { DriveFolderAnswer, DriveNodeAnswer, DrivesAnswer } from '@myriad/contracts';
import { vi } from 'vitest';
import { type Answer, browserHeaders, call, type Session } from './operator.ts';
import type { RunningNode } from './start-node.ts';

export interface DriveUser {
  readonly headers: Readonly<Record<string, string>>;
  api<T>(route: string, body?: unknown): Promise<Answer<T>>;
  root(): Promise<string>;
  put(parentId: string, name: string, content: BodyInit, taken?: string): Promise<Answer<DriveNodeAnswer>>;
  names(folderId: string): Promise<string[]>;
  /** Waits until the file is read, or found to be unreadable. */
  indexed(id: string): Promise<DriveNodeAnswer>;
}

export function driveUser(node: RunningNode, session: Session): DriveUser {
  const headers = browserHeaders(node, session);
  const api = <T>(route: string, body?: unknown) =>
    call<T>(node, route, { key: null, headers, ...(body === undefined ? {} : { body }) });
  return {
    headers,
    api,
    root: async () => (await api<DrivesAnswer>('GET /api/drive')).body.own?.rootId ?? '',
    put: (parentId, name, content, taken = 'version') =>
      call<DriveNodeAnswer>(
        node,
        `PUT /api/drive/content?parent=${parentId}&name=${encodeURIComponent(name)}&taken=${taken}`,
        { key: null, headers, raw: content },
      ),
    names: async (folderId) =>
      (await api<DriveFolderAnswer>(`GET /api/drive/folders/${folderId}`)).body.items.map(({ name }) => name),
    indexed: (id) =>
      vi.waitUntil(
        async () => {
          const { body } = await api<{ node: DriveNodeAnswer }>(`GET /api/drive/nodes/${id}`);
          return /ready|failed/.test(body.node.index?.status ?? '') ? body.node : null;
        },
        { timeout: 60_000, interval: 100 },
      ) as Promise<DriveNodeAnswer>,
  };
}
