/** Where a node stands and who may see it: every operation of the drive begins here. */
import {
  type AccessObject,
  type Drive,
  type DriveNode,
  type DriveShare,
  type ListedNode,
  MyriadError,
  newId,
} from '@myriad/contracts';
import { type DriveAction, type DriveActor, type DriveParts, houseOwnerId } from './drive-parts.ts';

/** A node with the folders above it and every share that reaches it. */
export interface Place {
  readonly node: ListedNode;
  /** The node first, the root last. */
  readonly path: readonly DriveNode[];
  readonly drive: Drive;
  readonly shares: readonly DriveShare[];
}

export interface FindNodes {
  /** The drive of a person, or of the house, made when missing. */
  driveFor(actor: DriveActor): Promise<Drive>;
  houseDrive(): Promise<Drive>;
  quotaOf(drive: Drive): Promise<number>;
  locate(id: string): Promise<Place | null>;
  /** @throws MyriadError `not_found` for what the actor may not see, `forbidden` for what they may not do. */
  require(actor: DriveActor, id: string, action: DriveAction): Promise<Place>;
  /** A living node by its path of names from a folder; null when a part is missing. */
  walk(fromId: string, names: readonly string[]): Promise<DriveNode | null>;
  /** Path from the outermost folder that the actor may see. */
  visiblePath(actor: DriveActor, place: Place): readonly DriveNode[];
}

export const placeObject = ({ node, drive, shares }: Place): AccessObject => ({
  type: drive.kind === 'house' ? 'houseNode' : 'node',
  id: node.id,
  ownerId: drive.kind === 'house' ? null : drive.ownerId,
  use: shares.map(({ principal }) => principal),
  edit: shares.filter(({ role }) => role === 'editor').map(({ principal }) => principal),
});

/** Principals who may read a place. */
export function readersOf(drive: Drive, shares: readonly DriveShare[]): readonly string[] {
  const owner = drive.kind === 'house' ? [] : [`person:${drive.ownerId}`];
  return [...new Set([...owner, ...shares.map(({ principal }) => principal)])].sort();
}

export function findNodes({ store, clock, random, limits }: DriveParts): FindNodes {
  const { drive: drives } = store;

  const make = async (ownerId: string): Promise<Drive> => {
    const known = await drives.driveOf(ownerId);
    if (known) return known;
    const now = clock.now();
    const id = newId('drv', clock, random);
    const root: DriveNode = {
      id: newId('nod', clock, random),
      driveId: id,
      parentId: null,
      kind: 'folder',
      name: '',
      mediaType: '',
      sizeBytes: 0,
      contentHash: null,
      version: 0,
      createdAt: now,
      createdBy: ownerId,
      updatedAt: now,
      updatedBy: ownerId,
      trashedAt: null,
      trashRoot: null,
      documentId: null,
      notIndexed: null,
    };
    const kind = ownerId === houseOwnerId ? 'house' : 'person';
    const drive: Drive = {
      id,
      kind,
      ownerId,
      rootId: root.id,
      usedBytes: 0,
      files: 0,
      quotaBytes: null,
      createdAt: now,
    };
    try {
      await drives.createDrive(drive, root);
    } catch (error) {
      // Somebody else made it at the same moment.
      const made = await drives.driveOf(ownerId);
      if (made) return made;
      throw error;
    }
    if (kind === 'house') {
      const share = {
        id: newId('shr', clock, random),
        nodeId: root.id,
        principal: 'everyone',
        role: 'viewer',
      } as const;
      await drives.saveShare({ ...share, createdAt: now, createdBy: ownerId });
    }
    return drive;
  };

  const locate = async (id: string): Promise<Place | null> => {
    const [node, path] = await Promise.all([drives.node(id), drives.ancestors(id)]);
    if (!node || path.at(-1)?.parentId !== null) return null;
    const [drive, shares] = await Promise.all([drives.drive(node.driveId), drives.shares(path.map((each) => each.id))]);
    return drive ? { node, path, drive, shares } : null;
  };

  return {
    driveFor: (actor) => make(actor.personId ?? houseOwnerId),
    houseDrive: () => make(houseOwnerId),
    async quotaOf(drive) {
      if (drive.quotaBytes !== null) return drive.quotaBytes;
      if (drive.kind === 'house') return limits.houseQuotaBytes;
      return limits.quotaBytes[(await store.org.person(drive.ownerId))?.role ?? 'member'];
    },
    locate,
    async require(actor, id, action) {
      const place = await locate(id);
      const missing = new MyriadError('not_found', 'There is no such file or folder.');
      if (!place) throw missing;
      const object = placeObject(place);
      if (!actor.may('drive.read', object)) throw missing;
      // What lies in the trash is its owner's alone.
      if (place.node.trashedAt !== null && !actor.may('drive.share', object)) throw missing;
      if (action !== 'drive.read' && !actor.may(action, object))
        throw new MyriadError('forbidden', 'You may see this, but not change it.');
      return place;
    },
    async walk(fromId, names) {
      let node: DriveNode | null = await drives.node(fromId);
      for (const name of names) {
        if (!node) return null;
        node = await drives.child(node.id, name.normalize('NFC'));
      }
      return node;
    },
    visiblePath(actor, place) {
      const alone = { ...place, shares: [] };
      if (actor.may('drive.read', placeObject(alone))) return place.path;
      // Shares reach downwards: the highest shared folder is where the actor's view begins.
      const shared = new Set(
        place.shares.filter(({ principal }) => actor.principals.includes(principal)).map(({ nodeId }) => nodeId),
      );
      const top = place.path.findLastIndex(({ id }) => shared.has(id));
      return place.path.slice(0, top + 1);
    },
  };
}
