import type { ApiRoute, DriveNodeAnswer, DriveSummary } from '@myriad/contracts';
import { holds, mockPage } from './mock-page.ts';
import { type MockCall, MockRefusal, type MockRoutes } from './mock-types.ts';

type DriveRoute = Extract<ApiRoute, `${string} /api/drive${string}` | `${string} /api/open/${string}`>;

const may = ['read', 'write', 'share'] as const;
const time = Date.UTC(2026, 0, 12, 9);

const nodeOf = (id: string, parentId: string | null, name: string, sizeBytes: number | null): DriveNodeAnswer => ({
  id,
  driveId: 'drv_lin',
  parentId,
  kind: sizeBytes === null ? 'folder' : 'file',
  name,
  mediaType: /\.md$/.test(name) ? 'text/markdown' : sizeBytes === null ? '' : 'application/octet-stream',
  sizeBytes: sizeBytes ?? 0,
  contentHash: sizeBytes === null ? null : 'f'.repeat(64),
  version: sizeBytes === null ? 0 : 1,
  createdAt: time,
  createdBy: 'per_lin',
  updatedAt: time,
  updatedBy: 'per_lin',
  trashedAt: null,
  trashRoot: null,
  documentId: null,
  notIndexed: sizeBytes === null ? null : 'Sample data is not read.',
  index: null,
  tags: [],
  shared: false,
  may,
});

/** A small invented drive: one tree, changed in place. Bytes, links and shares are the real node's. */
let nodes: DriveNodeAnswer[] = [
  nodeOf('nod_root', null, '', null),
  nodeOf('nod_policies', 'nod_root', 'Policies', null),
  nodeOf('nod_refunds', 'nod_policies', 'refunds.md', 4_200),
  nodeOf('nod_plan', 'nod_root', '年度计划.md', 18_000),
  nodeOf('nod_logo', 'nod_root', 'logo.ai', 310_000),
];

const drive: DriveSummary = {
  id: 'drv_lin',
  kind: 'person',
  ownerId: 'per_lin',
  rootId: 'nod_root',
  usedBytes: 332_200,
  files: 3,
  quotaBytes: null,
  createdAt: time,
  limitBytes: 50 * 1024 ** 3,
  title: 'Lin',
  may,
};

function find(id: string | undefined): DriveNodeAnswer {
  const node = nodes.find((each) => each.id === id);
  if (!node) throw new MockRefusal('not_found', 'There is no such file or folder.');
  return node;
}

function change(id: string | undefined, patch: Partial<DriveNodeAnswer>): DriveNodeAnswer {
  const changed = { ...find(id), ...patch };
  nodes = nodes.map((each) => (each.id === id ? changed : each));
  return changed;
}

function pathOf(node: DriveNodeAnswer): { id: string; name: string }[] {
  const above = nodes.find(({ id }) => id === node.parentId);
  return [...(above ? pathOf(above) : []), { id: node.id, name: node.name }];
}

const living = () => nodes.filter(({ trashedAt, parentId }) => trashedAt === null && parentId !== null);
const elsewhere = (): never => {
  throw new MockRefusal('unsupported', 'The sample drive has no bytes, shares or links. Start a node.');
};

export const driveRoutes: Pick<MockRoutes, DriveRoute> = {
  'GET /api/drive': () => ({
    own: drive,
    house: { ...drive, id: 'drv_house', kind: 'house', rootId: 'nod_house' },
    shared: [],
  }),
  'GET /api/drive/folders/:id': ({ params, query }) => {
    const folder = params.id === 'nod_house' ? { ...find('nod_root'), id: 'nod_house' } : find(params.id);
    const items = living().filter(
      ({ parentId, kind }) => parentId === folder.id && (!query.kind || kind === query.kind),
    );
    const sorted = items.sort((a, b) => a.kind.localeCompare(b.kind) * -1 || a.name.localeCompare(b.name));
    return { folder, path: pathOf(folder), ...mockPage(sorted, query) };
  },
  'POST /api/drive/folders': ({ body, id }) => {
    const node = nodeOf(id('nod'), body.parentId, body.name, null);
    nodes = [...nodes, node];
    return node;
  },
  'GET /api/drive/nodes/:id': ({ params }) => ({ node: find(params.id), path: pathOf(find(params.id)), versions: [] }),
  'PATCH /api/drive/nodes/:id': ({ params, body }) => {
    const { tags, ...place } = body as { tags?: readonly string[] };
    return change(params.id, { ...place, ...(tags ? { tags: tags.map((tag) => ({ tag, automatic: false })) } : {}) });
  },
  'DELETE /api/drive/nodes/:id': ({ params }) => {
    nodes = nodes.filter(({ id }) => id !== params.id);
    return { ok: true };
  },
  'POST /api/drive/nodes/:id/index': ({ params }) => find(params.id),
  'POST /api/drive/batch': ({ body, now, id: newId }: MockCall) => {
    for (const id of body.ids as string[]) {
      if (body.action === 'trash') change(id, { trashedAt: now(), trashRoot: id });
      else if (body.action === 'restore') change(id, { trashedAt: null, trashRoot: null });
      else if (body.action === 'move') change(id, { parentId: body.parentId });
      else nodes = [...nodes, { ...find(id), id: newId('nod'), parentId: body.parentId }];
    }
    return { done: body.ids, failed: [] };
  },
  'GET /api/drive/trash': ({ query }) =>
    mockPage(
      nodes.filter(({ trashedAt }) => trashedAt !== null),
      query,
    ),
  'DELETE /api/drive/trash': () => {
    const before = nodes.length;
    nodes = nodes.filter(({ trashedAt }) => trashedAt === null);
    return { deleted: before - nodes.length };
  },
  'GET /api/drive/search': ({ query }) => ({
    names: living().filter(({ name, tags }) =>
      query.tag ? tags.some(({ tag }) => tag === query.tag) : holds(query.q, name),
    ),
    texts: [],
    report: null,
  }),
  'GET /api/drive/changes': ({ query }) => mockPage(living(), query),
  'GET /api/drive/duplicates': () => ({ groups: [], wastedBytes: 0 }),
  'GET /api/drive/tags': () => ({ items: [] }),
  'GET /api/drive/nodes/:id/sharing': () => ({ shares: [], links: [] }),
  'PUT /api/drive/nodes/:id/shares': elsewhere,
  'POST /api/drive/nodes/:id/links': elsewhere,
  'DELETE /api/drive/links/:id': elsewhere,
  'POST /api/drive/nodes/:id/versions/:number/restore': elsewhere,
  'DELETE /api/drive/nodes/:id/versions/:number': elsewhere,
  'GET /api/drive/nodes/:id/text': elsewhere,
  'PUT /api/drive/quotas/:drive': elsewhere,
  'POST /api/drive/nodes/:id/ask': elsewhere,
  'GET /api/open/links/:token': elsewhere,
  'POST /api/open/links/:token/unlock': elsewhere,
};
