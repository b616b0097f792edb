import type { AccessDecision, AccessObject, Action, ApiKey, KeyScope, Person, Subject } from '@myriad/contracts';
import { principalsOf } from './principals-of.ts';

/** Data of one tenant are never shown to another; this node's people belong to `main`. */
const houseTenant = 'main';

interface Actor {
  readonly person: Person | null;
  /** Set when an app's own key acts. */
  readonly appId: string | null;
  readonly keyId: string | null;
  readonly principals: readonly string[];
}

/** Says why the actor may, or null when this ground does not hold. */
type Ground = (actor: Actor, object: AccessObject) => string | null;

const meets = (actor: Actor, list: readonly string[] | undefined) =>
  list?.some((principal) => actor.principals.includes(principal)) ?? false;

const houseOwner: Ground = ({ person }) => (person?.role === 'owner' ? 'You are an owner of this house.' : null);
const builder: Ground = ({ person }) => (person?.role === 'builder' ? 'You are a builder.' : null);
const objectOwner: Ground = (actor, { ownerId }) =>
  ownerId != null &&
  (ownerId === actor.person?.id ||
    (actor.appId !== null && (ownerId === actor.appId || ownerId === actor.keyId)) ||
    actor.principals.includes(ownerId))
    ? 'It is yours.'
    : null;
const keyItself: Ground = (actor, { ownerId }) =>
  actor.keyId !== null && ownerId === actor.keyId ? 'It was made with this key.' : null;
const user: Ground = (actor, { use }) => (meets(actor, use) ? 'It is shared with you.' : null);
const editor: Ground = (actor, { edit }) => (meets(actor, edit) ? 'You may edit it.' : null);
const ownApp: Ground = ({ appId }, { id }) => (appId !== null && appId === id ? 'The key belongs to this app.' : null);
const anyApp: Ground = ({ appId }) => (appId !== null ? 'The key belongs to an app.' : null);

interface Rule {
  /** Grounds by type of object; a type that is not named is refused. */
  readonly on: { readonly [Type in AccessObject['type']]?: readonly Ground[] };
  /** Scopes of a key that cover the action, besides `admin`. */
  readonly scopes: readonly KeyScope[];
}

/** The whole law of the house: what is not here is refused. */
export const accessRules: Readonly<Record<Action, Rule>> = {
  'app.use': { on: { app: [houseOwner, objectOwner, editor, user, ownApp] }, scopes: ['runs:write'] },
  'app.read': {
    on: { app: [houseOwner, objectOwner, editor, user, ownApp] },
    scopes: ['runs:write', 'runs:read', 'apps:write'],
  },
  'app.edit': { on: { app: [houseOwner, objectOwner, editor] }, scopes: ['apps:write'] },
  'app.stop': { on: { app: [houseOwner, objectOwner, editor] }, scopes: ['apps:write'] },
  'app.create': { on: { house: [houseOwner, builder] }, scopes: ['apps:write'] },
  'model.read': { on: { house: [houseOwner, builder] }, scopes: ['runs:write', 'runs:read'] },
  'model.use': { on: { house: [houseOwner, builder] }, scopes: ['runs:write'] },
  'model.manage': { on: { house: [houseOwner] }, scopes: [] },
  'knowledge.read': {
    on: { collection: [objectOwner, editor, user] },
    scopes: ['runs:write', 'runs:read', 'knowledge:write'],
  },
  'knowledge.write': { on: { collection: [houseOwner, objectOwner, editor] }, scopes: ['knowledge:write'] },
  'knowledge.create': { on: { house: [houseOwner, builder] }, scopes: ['knowledge:write'] },
  'drive.read': { on: { node: [objectOwner, editor, user], houseNode: [houseOwner, editor, user] }, scopes: ['drive'] },
  'drive.write': { on: { node: [objectOwner, editor], houseNode: [houseOwner, editor] }, scopes: ['drive'] },
  // Whoever may only edit does not hand on.
  'drive.share': { on: { node: [objectOwner], houseNode: [houseOwner] }, scopes: ['drive'] },
  'run.read': { on: { run: [houseOwner, objectOwner, editor, keyItself] }, scopes: ['runs:read'] },
  // On `house` with an owner: that person's own runs; without one: everybody's.
  'run.list': {
    on: { house: [houseOwner, objectOwner, keyItself], app: [houseOwner, objectOwner, editor] },
    scopes: ['runs:read'],
  },
  'spend.read': {
    on: { house: [houseOwner, objectOwner, keyItself], app: [houseOwner, objectOwner, editor] },
    scopes: ['runs:read'],
  },
  'kpi.write': { on: { house: [houseOwner, builder, anyApp] }, scopes: ['kpi:write'] },
  'kpi.read': {
    on: { house: [houseOwner, builder], app: [houseOwner, objectOwner, editor] },
    scopes: ['runs:read', 'kpi:write'],
  },
  'people.read': { on: { house: [houseOwner, builder] }, scopes: [] },
  'people.manage': { on: { house: [houseOwner] }, scopes: [] },
  'key.manage': { on: { key: [houseOwner, objectOwner, editor], house: [houseOwner] }, scopes: [] },
  'conversation.read': { on: { conversation: [objectOwner] }, scopes: [] },
  'conversation.write': { on: { conversation: [objectOwner] }, scopes: [] },
  'wenku.read': { on: { wenku: [objectOwner, editor, user] }, scopes: ['runs:write', 'runs:read', 'knowledge:write'] },
  'wenku.write': { on: { wenku: [objectOwner, editor] }, scopes: ['knowledge:write'] },
  // Batches and the files they are made of: nobody else's, whatever their role.
  'batch.read': { on: { batch: [objectOwner, keyItself] }, scopes: ['runs:read', 'runs:write'] },
  'batch.write': { on: { batch: [objectOwner, keyItself] }, scopes: ['runs:write'] },
  'settings.read': { on: { house: [houseOwner] }, scopes: [] },
  'settings.manage': { on: { house: [houseOwner] }, scopes: [] },
  'audit.read': { on: { house: [houseOwner] }, scopes: [] },
  'backup.make': { on: { house: [houseOwner] }, scopes: [] },
};

const refuse = (because: string): AccessDecision => ({ allowed: false, because });

/** What an app's key may do at all, whatever its scopes say. */
const appKeyActions: readonly Action[] = [
  'app.use',
  'app.read',
  'run.read',
  'run.list',
  'spend.read',
  'kpi.write',
  'knowledge.read',
  'knowledge.write',
  'batch.read',
  'batch.write',
];

/** Actions that a key restricted to some apps keeps, and on which objects. */
function withinKeyApps(key: ApiKey, action: Action, object: AccessObject): boolean {
  if (key.apps.length === 0) return true;
  if (object.type === 'app') return object.id !== undefined && key.apps.includes(object.id);
  if (action === 'kpi.write') return true;
  return (
    ['run.read', 'run.list', 'spend.read', 'batch.read', 'batch.write'].includes(action) && object.ownerId === key.id
  );
}

function refuseKey(key: ApiKey, action: Action, object: AccessObject): AccessDecision | null {
  if (key.revokedAt !== null) return refuse('The key is revoked.');
  const covered =
    key.scopes.includes('admin') || accessRules[action].scopes.some((scope) => key.scopes.includes(scope));
  if (!covered) return refuse(`The key's scopes (${key.scopes.join(', ') || 'none'}) do not cover ${action}.`);
  if (key.ownerKind === 'app' && !appKeyActions.includes(action)) return refuse(`An app's key may not do ${action}.`);
  if (!withinKeyApps(key, action, object)) return refuse('The key is limited to other apps.');
  return null;
}

/**
 * Whether a subject may do an action to an object. Pure, and deny by default: allowed only when the table names a ground
 * that holds. A key never has more than its owner, less what its scopes and apps leave out. An owner of the house may
 * administer, but does not read conversations or collections that nobody shared with them.
 */
export function authorize(subject: Subject, action: Action, object: AccessObject): AccessDecision {
  if (subject.kind === 'nobody') return refuse('Sign in first.');
  if (subject.kind === 'system') return { allowed: true, because: 'The node itself acts.' };
  if (object.tenant !== undefined && object.tenant !== houseTenant) return refuse('It belongs to another tenant.');
  if (subject.person?.disabled) return refuse('This person is disabled.');
  const key = subject.kind === 'key' ? subject.key : null;
  if (key) {
    if (key.ownerKind === 'person' && (subject.person === null || subject.person.id !== key.ownerId)) {
      return refuse("The key's owner is gone.");
    }
    const refusal = refuseKey(key, action, object);
    if (refusal) return refusal;
  }
  const actor: Actor = {
    person: key?.ownerKind === 'app' ? null : subject.person,
    appId: key?.ownerKind === 'app' ? key.ownerId : null,
    keyId: key?.id ?? null,
    principals: principalsOf(subject),
  };
  // An app's key serves its own app only, even where `everyone` may use another.
  if (actor.appId !== null && object.type === 'app' && object.id !== actor.appId) {
    return refuse('The key belongs to another app.');
  }
  for (const ground of accessRules[action].on[object.type] ?? []) {
    const because = ground(actor, object);
    if (because) return { allowed: true, because };
  }
  return refuse(`You may not do ${action} here.`);
}
