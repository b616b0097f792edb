/**
 * The drive: folders, files with their versions, trash, shares, links and uploads. Files are bytes of the blob store;
 * what is kept here is their place, their name, who may see them, and which document of the knowledge stands for them.
 */
import type { DocumentStatus } from './knowledge.ts';
import type { Page, PageRequest } from './page.ts';

/** A tree of files with one owner and one quota. `house` is the organisation's own, at `drive:/…` in manifests. */
export interface Drive {
  readonly id: string;
  readonly kind: 'person' | 'house';
  /** Person's id; `house` for the organisation's. */
  readonly ownerId: string;
  readonly rootId: string;
  /** Bytes of all versions of all files, trash included. */
  readonly usedBytes: number;
  readonly files: number;
  /** null: the node's default for the plan. */
  readonly quotaBytes: number | null;
  readonly createdAt: number;
}

export type DriveRole = 'viewer' | 'editor';

/** What is said of a file's place in the knowledge. */
export interface DriveIndex {
  readonly status: DocumentStatus;
  readonly reason: string | null;
  readonly pages: number | null;
  readonly passages: number;
  readonly language: string | null;
}

export interface DriveNode {
  readonly id: string;
  readonly driveId: string;
  /** null for the root of a drive. */
  readonly parentId: string | null;
  readonly kind: 'folder' | 'file';
  /** NFC, without `/`; at most 255 bytes of UTF-8. */
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** SHA-256 of the current version; null for folders. */
  readonly contentHash: string | null;
  /** Number of the current version, from 1; 0 for folders. */
  readonly version: number;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly updatedBy: string;
  /** When it went to the trash, alone or with a folder above it. */
  readonly trashedAt: number | null;
  /** The node that was put into the trash: itself, or the folder above it. */
  readonly trashRoot: string | null;
  /** Document that stands for the file in the knowledge. */
  readonly documentId: string | null;
  /** Not indexed: why, in words; null when it is, or will be. */
  readonly notIndexed: string | null;
}

export interface DriveVersion {
  readonly nodeId: string;
  readonly number: number;
  readonly contentHash: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly createdAt: number;
  readonly createdBy: string;
}

export interface DriveShare {
  readonly id: string;
  readonly nodeId: string;
  /** `everyone`, `group:<name>`, `person:<id>`. */
  readonly principal: string;
  readonly role: DriveRole;
  readonly createdAt: number;
  readonly createdBy: string;
}

/** A link that opens a file or a folder to whoever has it. Its token and its password are kept as hashes only. */
export interface DriveLink {
  readonly id: string;
  readonly nodeId: string;
  readonly tokenHash: string;
  readonly passwordHash: string | null;
  readonly expiresAt: number | null;
  readonly maxDownloads: number | null;
  readonly downloads: number;
  readonly revokedAt: number | null;
  readonly createdAt: number;
  readonly createdBy: string;
}

/** A resumable upload that is under way. How far it has come is the size of its staged file. */
export interface DriveUpload {
  readonly id: string;
  readonly ownerId: string;
  readonly parentId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** The file's own time, from the uploader. */
  readonly modifiedAt: number | null;
  /** Set when it is done: the node it became. */
  readonly nodeId: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface DriveTag {
  readonly nodeId: string;
  readonly tag: string;
  /** Found in the text, not set by a person. */
  readonly automatic: boolean;
}

export type DriveSort = 'name' | 'time' | 'size' | 'type';

export interface ListedNode extends DriveNode {
  readonly index: DriveIndex | null;
}

/** One structural change at a time for each drive; the batch is whole or not at all. */
export interface DriveStore {
  drive(id: string): Promise<Drive | null>;
  driveOf(ownerId: string): Promise<Drive | null>;
  drives(page: PageRequest): Promise<Page<Drive>>;
  /** Makes a drive with its root. @throws `conflict` when the owner has one. */
  createDrive(drive: Drive, root: DriveNode): Promise<void>;
  setQuota(driveId: string, quotaBytes: number | null): Promise<void>;
  node(id: string): Promise<ListedNode | null>;
  nodes(ids: readonly string[]): Promise<readonly ListedNode[]>;
  /** A living child by its name. */
  child(parentId: string, name: string): Promise<DriveNode | null>;
  /** The node and the folders above it, the node first, the root last. */
  ancestors(id: string): Promise<readonly DriveNode[]>;
  /** Living children, folders first. */
  list(
    query: PageRequest & {
      readonly parentId: string;
      readonly sort?: DriveSort;
      readonly descending?: boolean;
      readonly kind?: 'folder' | 'file';
    },
  ): Promise<Page<ListedNode>>;
  /** Living folders of a subtree, itself first; at most `limit`. */
  folders(rootId: string, limit: number): Promise<readonly DriveNode[]>;
  /** By words of the name, or by tag; newest first. */
  search(
    query: PageRequest & { readonly driveIds: readonly string[]; readonly words?: string; readonly tag?: string },
  ): Promise<Page<ListedNode>>;
  /** Changed since a time, latest first, trash included. */
  changes(
    query: PageRequest & { readonly driveIds: readonly string[]; readonly since: number },
  ): Promise<Page<ListedNode>>;
  /** Living files of one drive with the same bytes as another, largest first. */
  duplicates(driveId: string, limit: number): Promise<readonly (readonly ListedNode[])[]>;
  /** What was put into the trash, latest first: only the tops. */
  trash(query: PageRequest & { readonly driveId: string }): Promise<Page<ListedNode>>;
  /** Trash tops older than a time, of all drives. */
  trashedBefore(time: number, limit: number): Promise<readonly DriveNode[]>;
  /** @throws `conflict` when the name is taken, `not_found` when the folder is gone or in the trash. */
  createFolder(node: DriveNode): Promise<void>;
  /**
   * A new file, or a new version of one, with what it takes of the quota.
   *
   * @param quotaBytes What the drive may hold.
   * @param expectedVersion Version that this one follows; 0 for a new file.
   * @throws `conflict` when the name is taken or another version came first, `not_found`, `quota_exceeded`.
   */
  putFile(node: DriveNode, version: DriveVersion, expectedVersion: number, quotaBytes: number): Promise<void>;
  /** Renames or moves within a drive. @throws `conflict` when the name is taken or it would be inside itself. */
  place(
    id: string,
    place: { readonly parentId: string; readonly name: string },
    time: number,
    by: string,
  ): Promise<void>;
  /** Puts a living node with all below it into the trash. */
  putInTrash(id: string, time: number, by: string): Promise<void>;
  /** Takes a trash top with what went with it back. @throws `conflict` when the name is taken. */
  restore(
    id: string,
    place: { readonly parentId: string; readonly name: string },
    time: number,
    by: string,
  ): Promise<void>;
  /** Removes a node with all below it. What it leaves behind is for the caller to remove. */
  deleteForEver(id: string): Promise<{
    readonly hashes: readonly string[];
    readonly documentIds: readonly string[];
    readonly folderIds: readonly string[];
  }>;
  versions(nodeId: string): Promise<readonly DriveVersion[]>;
  /** Removes an old version. @throws `conflict` for the current one. */
  deleteVersion(nodeId: string, number: number): Promise<DriveVersion>;
  /** Versions anywhere with these bytes. */
  countByHash(contentHash: string): Promise<number>;
  /** The document of a file changes only while the file has this version. False when it has not. */
  setDocument(
    nodeId: string,
    version: number,
    change: { readonly documentId: string | null; readonly notIndexed: string | null },
  ): Promise<boolean>;
  /** Collections of the living folders of a subtree, named `folder:<id>`; at most `limit`. */
  collectionsBelow(rootId: string, limit: number): Promise<readonly string[]>;
  /** Living files whose document never came to be, since the process died between the two. */
  withoutTheirDocument(limit: number): Promise<readonly DriveNode[]>;
  nodeByDocument(documentId: string): Promise<DriveNode | null>;
  /** Living files below a node (itself when it is one) that have or lack a document, in pages. */
  filesBelow(rootId: string, page: PageRequest): Promise<Page<DriveNode>>;
  /** Living files without a document and without a reason, of all drives. */
  unindexed(limit: number): Promise<readonly DriveNode[]>;
  tags(nodeIds: readonly string[]): Promise<readonly DriveTag[]>;
  tagCounts(
    driveIds: readonly string[],
    limit: number,
  ): Promise<readonly { readonly tag: string; readonly files: number }[]>;
  /** Replaces the automatic ones, or those set by people. */
  setTags(nodeId: string, automatic: boolean, tags: readonly string[]): Promise<void>;
  shares(nodeIds: readonly string[]): Promise<readonly DriveShare[]>;
  /** Nodes shared with any of the principals, living, latest first. */
  sharedWith(principals: readonly string[], limit: number): Promise<readonly DriveShare[]>;
  saveShare(share: DriveShare): Promise<void>;
  deleteShare(nodeId: string, principal: string): Promise<void>;
  link(id: string): Promise<DriveLink | null>;
  linkByHash(tokenHash: string): Promise<DriveLink | null>;
  links(nodeId: string): Promise<readonly DriveLink[]>;
  saveLink(link: DriveLink): Promise<void>;
  revokeLink(id: string, time: number): Promise<void>;
  /** Counts one download if the link still allows it; false when it does not. */
  countDownload(id: string, time: number): Promise<boolean>;
  upload(id: string): Promise<DriveUpload | null>;
  uploads(ownerId: string): Promise<readonly DriveUpload[]>;
  saveUpload(upload: DriveUpload): Promise<void>;
  deleteUpload(id: string): Promise<void>;
  expiredUploads(time: number, limit: number): Promise<readonly DriveUpload[]>;
  /** What a conversation asks about. */
  askedNode(conversationId: string): Promise<string | null>;
  saveAskedNode(conversationId: string, nodeId: string): Promise<void>;
}
