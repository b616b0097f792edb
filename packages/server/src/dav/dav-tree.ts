/** The drive as WebDAV shows it: `/dav/files` is one's own, `/dav/house` the organisation's, `/dav/shared` what others share. */
import type { DriveActor } from '@myriad/builtin/drive';
import { type Drive, type ListedNode, MyriadError } from '@myriad/contracts';
import type { House } from '../house.ts';

export interface DavPlace {
  readonly segments: readonly string[];
  /** Null for folders that exist only here, and for what is not there. */
  readonly node: ListedNode | null;
  /** `virtual` folders are the roots of this tree. */
  readonly kind: 'virtual' | 'node' | 'missing';
  /** Folder in which it is, or would be; null when that is missing too. */
  readonly parentId: string | null;
  readonly drive: Drive | null;
}

export const davRoot = '/dav';

/** @throws MyriadError `invalid_request` for a path that is not one. */
export function readDavPath(path: string): readonly string[] {
  try {
    const segments = path.slice(davRoot.length).split('/').filter(Boolean).map(decodeURIComponent);
    if (segments.some((segment) => segment === '..' || segment === '.' || /[/\0]/.test(segment))) throw new URIError();
    return segments.map((segment) => segment.normalize('NFC'));
  } catch {
    throw new MyriadError('invalid_request', 'The path is not one that can be read.');
  }
}

export const davHref = (segments: readonly string[], isFolder: boolean): string =>
  `${[davRoot, ...segments.map(encodeURIComponent)].join('/')}${isFolder ? '/' : ''}`;

export async function findDavPlace(house: House, actor: DriveActor, segments: readonly string[]): Promise<DavPlace> {
  const { nodes } = house.drive;
  const drives = house.store.drive;
  const missing: DavPlace = { segments, node: null, kind: 'missing', parentId: null, drive: null };
  const [top, ...rest] = segments;
  if (top === undefined) return { ...missing, kind: 'virtual' };
  if (top === 'shared') {
    if (rest.length === 0) return { ...missing, kind: 'virtual' };
    const start = (await sharedNodes(house, actor)).find(({ name }) => name === rest[0]);
    return start ? below(start.id, rest.slice(1)) : missing;
  }
  const drive = top === 'files' ? await nodes.driveFor(actor) : top === 'house' ? await nodes.houseDrive() : null;
  return drive ? below(drive.rootId, rest) : missing;

  async function below(startId: string, names: readonly string[]): Promise<DavPlace> {
    const found = await nodes.walk(startId, names);
    if (found) {
      const place = await nodes.require(actor, found.id, 'drive.read');
      const { node, drive: owner } = place;
      return { segments, node, kind: 'node', parentId: node.parentId, drive: owner };
    }
    const parent = await nodes.walk(startId, names.slice(0, -1));
    if (parent?.kind !== 'folder') return missing;
    await nodes.require(actor, parent.id, 'drive.read');
    return { ...missing, parentId: parent.id, drive: await drives.drive(parent.driveId) };
  }
}

export async function sharedNodes(house: House, actor: DriveActor): Promise<readonly ListedNode[]> {
  const shares = await house.store.drive.sharedWith(actor.principals, 200);
  const own = shares.filter(({ createdBy }) => createdBy !== actor.id && createdBy !== 'house');
  const nodes = await house.store.drive.nodes([...new Set(own.map(({ nodeId }) => nodeId))]);
  return nodes.filter(({ name }) => name !== '');
}
