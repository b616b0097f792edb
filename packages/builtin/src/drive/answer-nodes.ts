/** What is said of nodes to whoever asks: their tags, whether they are shared, and what the asker may do. */
import type { Drive, DriveNodeAnswer, DriveSummary, ListedNode } from '@myriad/contracts';
import type { DriveActor, DriveParts } from './drive-parts.ts';
import { type FindNodes, type Place, placeObject } from './find-nodes.ts';

export interface AnswerNodes {
  /** Children of one folder: access is that of the folder, and of shares of their own. */
  children(actor: DriveActor, folder: Place, nodes: readonly ListedNode[]): Promise<readonly DriveNodeAnswer[]>;
  one(actor: DriveActor, place: Place): Promise<DriveNodeAnswer>;
  /** Nodes from anywhere, those left out that the actor may not see. */
  scattered(actor: DriveActor, nodes: readonly ListedNode[]): Promise<readonly DriveNodeAnswer[]>;
  drive(actor: DriveActor, drive: Drive): Promise<DriveSummary>;
}

export function answerNodes({ store }: DriveParts, nodes: FindNodes): AnswerNodes {
  const { drive: drives } = store;

  const mayOf = (actor: DriveActor, place: Place): DriveNodeAnswer['may'] => {
    const object = placeObject(place);
    const { trashedAt } = place.node;
    if (!actor.may('drive.read', object) || (trashedAt !== null && !actor.may('drive.share', object))) return [];
    return (['read', 'write', 'share'] as const).filter((what) => actor.may(`drive.${what}`, object));
  };

  const answer = (actor: DriveActor, place: Place, tags: DriveNodeAnswer['tags']): DriveNodeAnswer => ({
    ...place.node,
    tags,
    shared: place.shares.length > 0,
    may: mayOf(actor, place),
  });

  const tagsOf = async (ids: readonly string[]) => {
    const tags = await drives.tags(ids);
    return (id: string) => tags.filter(({ nodeId }) => nodeId === id).map(({ tag, automatic }) => ({ tag, automatic }));
  };

  return {
    async children(actor, folder, listed) {
      const ids = listed.map(({ id }) => id);
      const [tags, own] = await Promise.all([tagsOf(ids), drives.shares(ids)]);
      return listed.map((node) => {
        const shares = [...folder.shares, ...own.filter(({ nodeId }) => nodeId === node.id)];
        return answer(actor, { node, drive: folder.drive, path: [node, ...folder.path], shares }, tags(node.id));
      });
    },
    async one(actor, place) {
      return answer(actor, place, (await tagsOf([place.node.id]))(place.node.id));
    },
    async scattered(actor, listed) {
      const tags = await tagsOf(listed.map(({ id }) => id));
      const parents = new Map<string, Promise<Place | null>>();
      const answers: DriveNodeAnswer[] = [];
      const own = await drives.shares(listed.map(({ id }) => id));
      for (const node of listed) {
        const parentId = node.parentId ?? node.id;
        const folder = parents.get(parentId) ?? nodes.locate(parentId);
        parents.set(parentId, folder);
        const above = await folder;
        if (!above) continue;
        const shares = [...above.shares, ...own.filter(({ nodeId }) => nodeId === node.id)];
        const made = answer(actor, { node, drive: above.drive, path: [node, ...above.path], shares }, tags(node.id));
        if (made.may.length > 0) answers.push(made);
      }
      return answers;
    },
    async drive(actor, drive) {
      const place = await nodes.locate(drive.rootId);
      const owner = drive.kind === 'house' ? null : await store.org.person(drive.ownerId);
      return {
        ...drive,
        limitBytes: await nodes.quotaOf(drive),
        title: owner?.name ?? '',
        may: place ? mayOf(actor, place) : [],
      };
    },
  };
}
