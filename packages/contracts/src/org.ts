/** People, groups, keys and who may do what. */

export type Role = 'owner' | 'builder' | 'member';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly groups: readonly string[];
  readonly disabled: boolean;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
}

export interface Group {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly createdAt: number;
}

export interface Invite {
  readonly id: string;
  readonly email: string | null;
  readonly role: Role;
  readonly groups: readonly string[];
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
}

/** What a key may do. `runs:write` calls models and apps; `kpi:write` sends events; `drive` is an app password for files; `admin` everything its owner may. */
export type KeyScope = 'runs:write' | 'runs:read' | 'kpi:write' | 'knowledge:write' | 'apps:write' | 'drive' | 'admin';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** First characters of the key, to recognise it. The key itself is stored as a hash only. */
  readonly prefix: string;
  readonly ownerKind: 'person' | 'app';
  readonly ownerId: string;
  readonly scopes: readonly KeyScope[];
  /** Apps that the key may call; empty means all that its owner may. */
  readonly apps: readonly string[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

/** Whoever makes a request. `system` is the node itself and the operator's command on the same machine. */
export type Subject =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'system' }
  | { readonly kind: 'person'; readonly person: Person; readonly sessionId: string }
  | { readonly kind: 'key'; readonly key: ApiKey; readonly person: Person | null };

export type Action =
  | 'app.use'
  | 'app.read'
  | 'app.edit'
  | 'app.create'
  | 'app.stop'
  | 'model.read'
  | 'model.manage'
  | 'model.use'
  | 'knowledge.read'
  | 'knowledge.write'
  | 'knowledge.create'
  | 'drive.read'
  | 'drive.write'
  | 'drive.share'
  | 'run.read'
  | 'run.list'
  | 'spend.read'
  | 'kpi.write'
  | 'kpi.read'
  | 'people.read'
  | 'people.manage'
  | 'key.manage'
  | 'conversation.read'
  | 'conversation.write'
  | 'wenku.read'
  | 'wenku.write'
  | 'batch.read'
  | 'batch.write'
  | 'settings.read'
  | 'settings.manage'
  | 'audit.read'
  | 'backup.make';

/** What the action is about: only the facts that a decision needs. */
export interface AccessObject {
  /** `node` is of a person's drive, `houseNode` of the organisation's. */
  readonly type:
    | 'app'
    | 'batch'
    | 'collection'
    | 'conversation'
    | 'house'
    | 'houseNode'
    | 'key'
    | 'node'
    | 'run'
    | 'wenku';
  readonly id?: string;
  readonly tenant?: string;
  readonly ownerId?: string | null;
  /** Principals: `everyone`, `group:<name>`, `person:<id>`. */
  readonly use?: readonly string[];
  readonly edit?: readonly string[];
}

export interface AccessDecision {
  readonly allowed: boolean;
  readonly because: string;
}

/** One entry of the audit chain: `hash` = SHA-256 of the previous hash and this entry's canonical JSON. */
export interface AuditEntry {
  readonly sequence: number;
  readonly time: number;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly previousHash: string;
  readonly hash: string;
}
