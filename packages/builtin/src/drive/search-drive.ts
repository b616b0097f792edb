/** What of the drives a question may reach: names, texts, and the collections behind a path or a conversation. */
import type { Caller, DriveSearchAnswer, ListedNode } from '@myriad/contracts';
import type { AnswerNodes } from './answer-nodes.ts';
import { type DriveActor, type DriveParts, houseOwnerId } from './drive-parts.ts';
import { type FindNodes, readersOf } from './find-nodes.ts';
import { collectionName } from './index-files.ts';

export interface SearchScope {
  readonly collectionIds: readonly string[];
  readonly documentIds?: readonly string[];
}

export interface SearchDrive {
  /** Drives and shared nodes whose content the actor may see. */
  reach(actor: DriveActor): Promise<{ readonly driveIds: readonly string[]; readonly rootIds: readonly string[] }>;
  search(
    actor: DriveActor,
    query: { readonly text?: string; readonly tag?: string; readonly folderId?: string },
  ): Promise<DriveSearchAnswer>;
  /** What of a node a run may read, as of now. */
  scopeOf(actor: DriveActor, nodeId: string): Promise<SearchScope>;
  /** Collections of `drive:/path` (the organisation's) or `drive:~/path` (the caller's own), as far as the caller may read. */
  collectionsOf(name: string, caller: Caller): Promise<readonly string[]>;
}

const mostFolders = 2_000;
const mostShares = 500;

export function searchDrive({ store, knowledge }: DriveParts, nodes: FindNodes, answers: AnswerNodes): SearchDrive {
  const { drive: drives } = store;

  const reach: SearchDrive['reach'] = async (actor) => {
    const [own, house, shares] = await Promise.all([
      nodes.driveFor(actor),
      nodes.houseDrive(),
      drives.sharedWith(actor.principals, mostShares),
    ]);
    const shared = await drives.nodes(shares.map(({ nodeId }) => nodeId));
    return {
      driveIds: [...new Set([own.id, house.id, ...shared.map(({ driveId }) => driveId)])],
      rootIds: [...new Set([own.rootId, house.rootId, ...shared.map(({ id }) => id)])],
    };
  };

  const below = async (rootIds: readonly string[]): Promise<readonly string[]> => {
    const found = new Set<string>();
    for (const id of rootIds) for (const each of await drives.collectionsBelow(id, mostFolders)) found.add(each);
    return [...found].slice(0, mostFolders);
  };

  const textsOf = async (actor: DriveActor, text: string, rootIds: readonly string[], tag?: string) => {
    const collectionIds = await below(rootIds);
    if (collectionIds.length === 0) return { texts: [], report: null };
    const { passages, report } = await knowledge.retrieve({ query: text, collectionIds, limit: 20 });
    const listed = new Map<string, ListedNode>();
    for (const { documentId } of passages) {
      if (listed.has(documentId)) continue;
      const node = await drives.nodeByDocument(documentId);
      const whole = node && node.trashedAt === null ? await drives.node(node.id) : null;
      if (whole) listed.set(documentId, whole);
    }
    const shown = new Map(
      (await answers.scattered(actor, [...listed.values()])).map((node) => [node.documentId, node]),
    );
    return {
      report,
      texts: passages.flatMap((passage) => {
        const node = shown.get(passage.documentId);
        const fits = node && (tag === undefined || node.tags.some((each) => each.tag === tag));
        return node && fits ? [{ node, passage }] : [];
      }),
    };
  };

  return {
    reach,
    async search(actor, { text = '', tag, folderId }) {
      const folder = folderId === undefined ? null : await nodes.require(actor, folderId, 'drive.read');
      const { driveIds, rootIds } = folder
        ? { driveIds: [folder.drive.id], rootIds: [folder.node.id] }
        : await reach(actor);
      const found: ListedNode[] = [];
      let cursor: string | null = null;
      // What others may see is filtered after the search, so a page may hold less than was asked for.
      for (let pages = 0; pages < 5 && found.length < 100; pages += 1) {
        const page: Awaited<ReturnType<typeof drives.search>> = await drives.search({
          driveIds,
          words: text,
          ...(tag === undefined ? {} : { tag }),
          limit: 100,
          cursor,
        });
        found.push(...page.items);
        cursor = page.nextCursor;
        if (cursor === null) break;
      }
      const inFolder = folder ? await withinFolder(found, folder.node.id) : found;
      const names = await answers.scattered(actor, inFolder.slice(0, 100));
      const { texts, report } = text === '' ? { texts: [], report: null } : await textsOf(actor, text, rootIds, tag);
      return { names, texts, report };
    },
    async scopeOf(actor, nodeId) {
      const { node } = await nodes.require(actor, nodeId, 'drive.read');
      if (node.kind === 'folder') return { collectionIds: await below([node.id]) };
      const collection =
        node.parentId === null ? null : await store.knowledge.collectionByName(collectionName(node.parentId));
      if (!collection || node.documentId === null) return { collectionIds: [], documentIds: [] };
      return { collectionIds: [collection.id], documentIds: [node.documentId] };
    },
    async collectionsOf(name, caller) {
      const own = /^drive:~(\/|$)/.test(name);
      const path = name
        .replace(/^drive:~?/, '')
        .split('/')
        .filter(Boolean);
      if (own && caller.personId === null) return [];
      const drive = await drives.driveOf(own && caller.personId !== null ? caller.personId : houseOwnerId);
      const node = drive ? await nodes.walk(drive.rootId, path) : null;
      const place = node ? await nodes.locate(node.id) : null;
      if (!place) return [];
      const readers = readersOf(place.drive, place.shares);
      return readers.some((reader) => caller.principals.includes(reader)) ? below([place.node.id]) : [];
    },
  };

  async function withinFolder(found: readonly ListedNode[], folderId: string): Promise<ListedNode[]> {
    const kept: ListedNode[] = [];
    for (const node of found) if ((await drives.ancestors(node.id)).some(({ id }) => id === folderId)) kept.push(node);
    return kept;
  }
}
