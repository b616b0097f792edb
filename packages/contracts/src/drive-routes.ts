/** The drive's part of the API: routes and the shapes of their answers. */
import type { Conversation, ConversationMessage } from './conversations.ts';
import type { Drive, DriveLink, DriveRole, DriveShare, DriveSort, DriveVersion, ListedNode } from './drive.ts';
import type { KnowledgeDocument, Passage, RetrievalReport } from './knowledge.ts';
import type { Page } from './page.ts';

export interface DriveNodeAnswer extends ListedNode {
  readonly tags: readonly { readonly tag: string; readonly automatic: boolean }[];
  /** Whether somebody else may see it, here or by a folder above. */
  readonly shared: boolean;
  readonly may: readonly ('read' | 'write' | 'share')[];
}

export interface DriveSummary extends Drive {
  readonly limitBytes: number;
  readonly title: string;
  readonly may: readonly ('read' | 'write' | 'share')[];
}

export interface DrivesAnswer {
  /** Reader's own; null for the node itself. */
  readonly own: DriveSummary | null;
  readonly house: DriveSummary;
  readonly shared: readonly (DriveNodeAnswer & { readonly sharedBy: string; readonly role: DriveRole })[];
}

export interface DriveFolderAnswer extends Page<DriveNodeAnswer> {
  readonly folder: DriveNodeAnswer;
  /** From the outermost folder that the reader may see to this one. */
  readonly path: readonly { readonly id: string; readonly name: string }[];
}

export interface DriveDetail {
  readonly node: DriveNodeAnswer;
  readonly path: readonly { readonly id: string; readonly name: string }[];
  readonly versions: readonly DriveVersion[];
}

export interface DriveLinkAnswer extends Omit<DriveLink, 'tokenHash' | 'passwordHash'> {
  readonly hasPassword: boolean;
  /** Shown once, when it is made. */
  readonly url: string | null;
}

export interface SharingAnswer {
  readonly shares: readonly (DriveShare & {
    readonly inheritedFrom: { readonly id: string; readonly name: string } | null;
  })[];
  readonly links: readonly DriveLinkAnswer[];
}

export interface DriveBatchAnswer {
  readonly done: readonly string[];
  readonly failed: readonly { readonly id: string; readonly code: string; readonly detail: string }[];
}

/** What whoever has a link sees. */
export interface OpenLinkAnswer {
  readonly locked: boolean;
  readonly name: string | null;
  readonly kind: 'folder' | 'file' | null;
  readonly sizeBytes: number | null;
  readonly mediaType: string | null;
  readonly expiresAt: number | null;
  readonly downloadsLeft: number | null;
  readonly items: readonly {
    readonly id: string;
    readonly name: string;
    readonly kind: 'folder' | 'file';
    readonly sizeBytes: number;
    readonly mediaType: string;
  }[];
  readonly path: readonly { readonly id: string; readonly name: string }[];
  readonly nextCursor: string | null;
}

export interface DriveSearchAnswer {
  readonly names: readonly DriveNodeAnswer[];
  readonly texts: readonly { readonly node: DriveNodeAnswer; readonly passage: Passage }[];
  readonly report: RetrievalReport | null;
}

/** The drive's part of `ApiRoutes`. Bytes go by `/api/drive/uploads` (tus 1.0), `PUT /api/drive/content` and `/dav`. */
export interface DriveRoutes {
  'GET /api/drive': { answer: DrivesAnswer };
  'GET /api/drive/folders/:id': {
    query: { sort?: DriveSort; order?: 'asc' | 'desc'; kind?: 'folder' | 'file' };
    answer: DriveFolderAnswer;
  };
  'POST /api/drive/folders': { body: { readonly parentId: string; readonly name: string }; answer: DriveNodeAnswer };
  'GET /api/drive/nodes/:id': { answer: DriveDetail };
  'PATCH /api/drive/nodes/:id': {
    body: { readonly name?: string; readonly parentId?: string; readonly tags?: readonly string[] };
    answer: DriveNodeAnswer;
  };
  /** For ever, by name: `name` has to be the node's. */
  'DELETE /api/drive/nodes/:id': { query: { name: string }; answer: { readonly ok: true } };
  'POST /api/drive/nodes/:id/index': { answer: DriveNodeAnswer };
  'POST /api/drive/batch': {
    body: {
      readonly action: 'move' | 'copy' | 'trash' | 'restore';
      readonly ids: readonly string[];
      /** For `move` and `copy`. */
      readonly parentId?: string;
    };
    answer: DriveBatchAnswer;
  };
  'GET /api/drive/trash': { query: { drive?: string }; answer: Page<DriveNodeAnswer> };
  'DELETE /api/drive/trash': { query: { drive?: string; name: string }; answer: { readonly deleted: number } };
  'GET /api/drive/search': { query: { q?: string; tag?: string; folder?: string }; answer: DriveSearchAnswer };
  'GET /api/drive/changes': { query: { days?: string }; answer: Page<DriveNodeAnswer> };
  'GET /api/drive/duplicates': {
    query: { drive?: string };
    answer: {
      readonly groups: readonly { readonly sizeBytes: number; readonly files: readonly DriveNodeAnswer[] }[];
      readonly wastedBytes: number;
    };
  };
  'GET /api/drive/tags': { answer: { readonly items: readonly { readonly tag: string; readonly files: number }[] } };
  'GET /api/drive/nodes/:id/sharing': { answer: SharingAnswer };
  'PUT /api/drive/nodes/:id/shares': {
    body: { readonly principal: string; readonly role: DriveRole | null };
    answer: SharingAnswer;
  };
  'POST /api/drive/nodes/:id/links': {
    body: { readonly password?: string; readonly expiresAt?: number | null; readonly maxDownloads?: number | null };
    answer: DriveLinkAnswer;
  };
  'DELETE /api/drive/links/:id': { answer: { readonly ok: true } };
  'POST /api/drive/nodes/:id/versions/:number/restore': { answer: DriveNodeAnswer };
  'DELETE /api/drive/nodes/:id/versions/:number': { answer: { readonly ok: true } };
  'GET /api/drive/nodes/:id/text': { answer: { readonly text: string; readonly pageStarts: readonly number[] } };
  'PUT /api/drive/quotas/:drive': { body: { readonly quotaBytes: number | null }; answer: Drive };
  'POST /api/drive/nodes/:id/ask': {
    answer: {
      readonly conversation: Conversation;
      readonly messages: readonly ConversationMessage[];
      readonly documents: readonly KnowledgeDocument[];
    };
  };
  'GET /api/open/links/:token': { query: { ticket?: string; folder?: string }; answer: OpenLinkAnswer };
  'POST /api/open/links/:token/unlock': { body: { readonly password: string }; answer: { readonly ticket: string } };
}
