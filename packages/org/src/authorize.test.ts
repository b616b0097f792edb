import type { AccessObject, Action, ApiKey, KeyScope, Person, Role, Subject } from '@myriad/contracts';
import { describe, expect, test } from 'vitest';
import { accessRules, authorize } from './authorize.ts';
import { principalsOf } from './principals-of.ts';

const actions = Object.keys(accessRules) as Action[];
const types: AccessObject['type'][] = ['app', 'collection', 'conversation', 'run', 'key', 'batch', 'house'];
const scopes: KeyScope[] = ['runs:write', 'runs:read', 'kpi:write', 'knowledge:write', 'apps:write', 'admin'];
const roles: Role[] = ['owner', 'builder', 'member'];

const person = (id: string, role: Role, groups: readonly string[] = [], disabled = false): Person => ({
  id,
  name: id,
  email: `${id}@example.org`,
  role,
  groups,
  disabled,
  createdAt: 0,
  lastSeenAt: null,
});
const bySession = (who: Person): Subject => ({ kind: 'person', person: who, sessionId: 's' });
const key = (fields: Partial<ApiKey>): ApiKey => ({
  id: 'key_1',
  name: 'k',
  prefix: 'myr_',
  ownerKind: 'person',
  ownerId: 'per_mei',
  scopes: ['admin'],
  apps: [],
  createdAt: 0,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  ...fields,
});
const byKey = (who: Person | null, fields: Partial<ApiKey> = {}): Subject => ({
  kind: 'key',
  key: key({ ...(who ? { ownerId: who.id } : {}), ...fields }),
  person: who,
});

/** Somebody else's thing, shared with others only. */
const foreign = (type: AccessObject['type']): AccessObject => ({
  type,
  id: `${type}_foreign`,
  tenant: 'main',
  ownerId: 'per_other',
  use: ['group:strangers', 'person:per_other'],
  edit: ['person:per_other'],
});

const may = (subject: Subject, action: Action, object: AccessObject) => authorize(subject, action, object).allowed;

describe('[O13] a foreign subject gets nothing', () => {
  const outsiders: [string, Subject][] = [
    ['nobody', { kind: 'nobody' }],
    ['a member', bySession(person('per_mei', 'member', ['staff']))],
    ['a disabled owner', bySession(person('per_mei', 'owner', [], true))],
    ['a member’s key with every scope', byKey(person('per_mei', 'member'), { scopes })],
    ['a disabled owner’s key', byKey(person('per_mei', 'owner', [], true))],
    ['an owner’s revoked key', byKey(person('per_mei', 'owner'), { revokedAt: 1 })],
    ['a key whose owner is gone', byKey(null)],
    ['a key shown with another person', byKey(person('per_boss', 'owner'), { ownerId: 'per_mei' })],
    ['an owner’s key without scopes', byKey(person('per_mei', 'owner'), { scopes: [] })],
  ];
  for (const [name, subject] of outsiders) {
    test(`${name}, for every action and every kind of object`, () => {
      const open = actions.flatMap((action) =>
        types
          .flatMap((type) => [foreign(type), { type }, { type, use: [], edit: [], ownerId: null }])
          .filter((object) => may(subject, action, object))
          .map((object) => `${action} on ${object.type}`),
      );
      expect(open).toEqual([]);
    });
  }

  test('a builder builds and meters, and opens nothing of anybody’s', () => {
    const builder = bySession(person('per_mei', 'builder'));
    const open = actions.filter((action) => types.some((type) => may(builder, action, foreign(type))));
    const house = ['app.create', 'model.read', 'model.use', 'knowledge.create', 'kpi.write', 'kpi.read', 'people.read'];
    expect(open.sort()).toEqual(house.sort());
    for (const action of open) {
      for (const type of types) expect(may(builder, action, foreign(type))).toBe(type === 'house');
    }
  });

  test('an app’s key, even with every scope, opens no other app and nothing of people', () => {
    const appKey = byKey(null, { ownerKind: 'app', ownerId: 'app_own', scopes });
    const open = actions.filter((action) => types.some((type) => may(appKey, action, foreign(type))));
    expect(open).toEqual(['kpi.write']);
    expect(may(appKey, 'app.use', { type: 'app', id: 'app_other', use: ['everyone'] })).toBe(false);
    expect(may(appKey, 'app.use', { type: 'app', id: 'app_own' })).toBe(true);
    expect(may(appKey, 'app.edit', { type: 'app', id: 'app_own', edit: ['everyone'] })).toBe(false);
  });

  test('whatever is another tenant’s is closed to everyone but the node', () => {
    for (const subject of [bySession(person('per_mei', 'owner')), byKey(person('per_mei', 'owner'))]) {
      for (const action of actions) {
        for (const type of types) {
          const object = {
            ...foreign(type),
            tenant: 'acme',
            ownerId: 'per_mei',
            use: ['everyone'],
            edit: ['everyone'],
          };
          expect(may(subject, action, object)).toBe(false);
        }
      }
    }
    expect(may({ kind: 'system' }, 'backup.make', { type: 'house', tenant: 'acme' })).toBe(true);
  });
});

describe('[O14] a ground opens exactly what it says', () => {
  const mei = person('per_mei', 'member', ['staff']);
  test('use principals open an app to use and read, never to edit', () => {
    for (const use of [['everyone'], ['group:staff'], ['person:per_mei']]) {
      const app: AccessObject = { type: 'app', id: 'app_1', use, edit: ['group:support'] };
      expect(actions.filter((action) => may(bySession(mei), action, app))).toEqual(['app.use', 'app.read']);
    }
  });
  test('edit principals and the app’s owner edit, stop and see its runs and spend', () => {
    const rights = ['app.use', 'app.read', 'app.edit', 'app.stop', 'run.list', 'spend.read', 'kpi.read'];
    for (const fields of [{ edit: ['group:staff'] }, { ownerId: 'per_mei' }, { ownerId: 'group:staff' }]) {
      const app: AccessObject = { type: 'app', id: 'app_1', ...fields };
      expect(actions.filter((action) => may(bySession(mei), action, app))).toEqual(rights);
    }
  });
  test('an e-mail address in a list opens nothing: ids do', () => {
    expect(may(bySession(mei), 'app.use', { type: 'app', id: 'a', use: ['person:per_mei@example.org'] })).toBe(false);
  });
  test('a conversation is its owner’s alone, whatever the role of others', () => {
    const conversation: AccessObject = { type: 'conversation', id: 'c', ownerId: 'per_mei', use: ['everyone'] };
    expect(may(bySession(mei), 'conversation.read', conversation)).toBe(true);
    for (const role of roles) {
      expect(may(bySession(person('per_x', role)), 'conversation.read', conversation)).toBe(false);
    }
  });
  test('a collection is read by its readers; an owner of the house clears it away but does not read it', () => {
    const collection: AccessObject = { type: 'collection', id: 'col', ownerId: 'per_bo', use: ['group:staff'] };
    expect(may(bySession(mei), 'knowledge.read', collection)).toBe(true);
    expect(may(bySession(mei), 'knowledge.write', collection)).toBe(false);
    const owner = bySession(person('per_x', 'owner'));
    expect(may(owner, 'knowledge.read', collection)).toBe(false);
    expect(may(owner, 'knowledge.write', collection)).toBe(true);
  });
  test('a run is its own person’s, the app’s editors’ and the house owners’', () => {
    const run: AccessObject = { type: 'run', id: 'r', ownerId: 'per_mei', edit: ['group:support'] };
    expect(may(bySession(mei), 'run.read', run)).toBe(true);
    expect(may(bySession(person('per_a', 'member', ['support'])), 'run.read', run)).toBe(true);
    expect(may(bySession(person('per_b', 'owner')), 'run.read', run)).toBe(true);
    expect(may(bySession(person('per_c', 'builder')), 'run.read', run)).toBe(false);
  });
  test('a refusal is a sentence', () => {
    expect(authorize({ kind: 'nobody' }, 'app.use', { type: 'app' }).because).toBe('Sign in first.');
    const limited = authorize(byKey(mei, { scopes: ['kpi:write'] }), 'app.use', { type: 'app', use: ['everyone'] });
    expect(limited.because).toContain('kpi:write');
  });
});

describe('[O15] a key has never more than its owner', () => {
  const objects: AccessObject[] = types.flatMap((type) => [
    foreign(type),
    { type, id: 'x', ownerId: 'per_mei' },
    { type, id: 'x', use: ['everyone'] },
    { type, id: 'x', edit: ['group:staff'] },
  ]);
  test('for every role, scope, action and object', () => {
    for (const role of roles) {
      const who = person('per_mei', role, ['staff']);
      for (const scope of scopes) {
        for (const action of actions) {
          for (const object of objects) {
            if (!may(byKey(who, { scopes: [scope] }), action, object)) continue;
            expect(may(bySession(who), action, object), `${role} ${scope} ${action} ${object.type}`).toBe(true);
            expect(scope === 'admin' || accessRules[action].scopes.includes(scope)).toBe(true);
          }
        }
      }
    }
  });
  test('an admin key has exactly its owner’s rights', () => {
    for (const role of roles) {
      const who = person('per_mei', role, ['staff']);
      for (const action of actions) {
        for (const object of objects) {
          expect(may(byKey(who), action, object)).toBe(may(bySession(who), action, object));
        }
      }
    }
  });
  test('limited to an app it calls that app, sends KPI events and reads its own runs; no model, no other app', () => {
    const limited = byKey(person('per_mei', 'owner'), { scopes, apps: ['app_1'] });
    expect(may(limited, 'app.use', { type: 'app', id: 'app_1' })).toBe(true);
    expect(may(limited, 'app.use', { type: 'app', id: 'app_2', use: ['everyone'] })).toBe(false);
    expect(may(limited, 'app.use', { type: 'app', use: ['everyone'] })).toBe(false);
    expect(may(limited, 'run.read', { type: 'run', id: 'r', ownerId: 'key_1' })).toBe(true);
    const left = actions.filter((action) => types.some((type) => may(limited, action, foreign(type))));
    expect(left).toEqual(['kpi.write']);
  });
});

test('[O16] principals: everyone, the person by id, and the groups; a disabled person and nobody have none', () => {
  expect(principalsOf(bySession(person('per_mei', 'member', ['staff'])))).toEqual([
    'everyone',
    'person:per_mei',
    'group:staff',
  ]);
  expect(principalsOf(bySession(person('per_mei', 'owner', ['staff'], true)))).toEqual([]);
  expect(principalsOf({ kind: 'nobody' })).toEqual([]);
  expect(principalsOf(byKey(null))).toEqual([]);
  expect(principalsOf(byKey(null, { ownerKind: 'app', ownerId: 'app_1' }))).toEqual(['everyone', 'app:app_1']);
});
