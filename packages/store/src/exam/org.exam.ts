import type { ApiKey, Invite, Store } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { sampleId, samplePerson } from './samples.exam.ts';

const sampleKey = (change: Partial<ApiKey> = {}): ApiKey => ({
  id: sampleId('key'),
  name: 'laptop',
  prefix: 'myr_ab',
  ownerKind: 'person',
  ownerId: 'per_1',
  scopes: ['runs:write'],
  apps: ['app_1'],
  createdAt: 1,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
  ...change,
});

export function examineOrg(open: () => Store): void {
  test('[O1] a person comes back as given; an address is found in any case and taken once', async () => {
    const { org } = open();
    const person = samplePerson({ email: 'Ann@Example.org', groups: ['finance', 'sales'], lastSeenAt: 4 });
    await org.savePerson(person);
    expect(await org.person(person.id)).toEqual(person);
    expect(await org.personByEmail('ann@example.ORG')).toEqual(person);
    await expect(org.savePerson(samplePerson({ email: 'ANN@example.org' }))).rejects.toMatchObject({
      code: 'conflict',
    });
    await org.savePerson({ ...person, name: 'Ann', groups: ['sales'] });
    expect(await org.person(person.id)).toMatchObject({ name: 'Ann', groups: ['sales'] });
    expect(await org.person('per_none')).toBeNull();
  });

  test('[O2] people are counted, listed in pages and searched by name and address', async () => {
    const { org } = open();
    const before = await org.countPeople();
    for (let index = 0; index < 5; index += 1) {
      await org.savePerson(samplePerson({ name: `王小明 Quill${index}`, email: `q${index}@O2.example` }));
    }
    expect(await org.countPeople()).toBe(before + 5);
    const page = await org.people({ search: 'quill', limit: 3 });
    const rest = await org.people({ search: 'quill', limit: 3, cursor: page.nextCursor });
    expect(new Set([...page.items, ...rest.items].map(({ name }) => name)).size).toBe(5);
    expect((await org.people({ search: '小明' })).items).toHaveLength(5);
    expect((await org.people({ search: 'Q3@o2' })).items).toHaveLength(1);
    expect((await org.people({ search: '%' })).items).toEqual([]);
  });

  test('[O3] a group and its members are one truth, seen from both sides', async () => {
    const { org } = open();
    const person = samplePerson({ groups: ['o3'] });
    await org.savePerson(person);
    const group = { id: sampleId('grp'), name: 'o3', members: [person.id], createdAt: 2 };
    await org.saveGroup(group);
    const other = samplePerson({ groups: ['o3'] });
    await org.savePerson(other);
    expect((await org.groups()).find(({ id }) => id === group.id)?.members).toEqual([person.id, other.id]);
    await org.saveGroup({ ...group, name: 'o3-renamed', members: [other.id] });
    expect((await org.person(person.id))?.groups).toEqual([]);
    expect((await org.person(other.id))?.groups).toEqual(['o3-renamed']);
    const double = { id: sampleId('grp'), name: 'o3-renamed', members: [], createdAt: 3 };
    await expect(org.saveGroup(double)).rejects.toMatchObject({ code: 'conflict' });
    await org.deleteGroup(group.id);
    expect((await org.person(other.id))?.groups).toEqual([]);
    await expect(org.deleteGroup(group.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[O4] an invite is used once, however many try at the same moment', async () => {
    const { org } = open();
    const invite: Invite = {
      id: sampleId('inv'),
      email: null,
      role: 'builder',
      groups: ['x'],
      createdBy: 'per_1',
      createdAt: 1,
      expiresAt: 9,
      usedAt: null,
    };
    await org.saveInvite(invite, 'hash-of-token');
    expect(await org.invite('hash-of-token')).toEqual(invite);
    const tries = await Promise.all(Array.from({ length: 8 }, () => org.useInvite(invite.id, 5)));
    expect(tries.filter(Boolean)).toHaveLength(1);
    expect(await org.useInvite('inv_none', 5)).toBe(false);
    expect(await org.invites()).toEqual([{ ...invite, usedAt: 5 }]);
    expect(await org.invite('other')).toBeNull();
  });

  test('[O5] a key is found by its hash and its id, and listed by its owner, newest first', async () => {
    const { org } = open();
    const ownerId = sampleId('per');
    const keys = [sampleKey({ ownerId }), sampleKey({ ownerId, ownerKind: 'app', expiresAt: 7 })];
    for (const key of keys) await org.saveKey(key, `hash-${key.id}`);
    expect(await org.keyByHash(`hash-${keys[0]?.id}`)).toEqual(keys[0]);
    expect(await org.key(keys[1]?.id ?? '')).toEqual(keys[1]);
    expect(await org.keyByHash('nothing')).toBeNull();
    const page = await org.keys({ ownerId, limit: 1 });
    expect(page.items).toEqual([keys[1]]);
    expect((await org.keys({ ownerId, cursor: page.nextCursor })).items).toEqual([keys[0]]);
    const stolen = sampleKey();
    await expect(org.saveKey(stolen, `hash-${keys[0]?.id}`)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('[O6] a revoked key stays revoked since the first time; last uses never go back', async () => {
    const { org } = open();
    const key = sampleKey();
    await org.saveKey(key, `hash-${key.id}`);
    await org.revokeKey(key.id, 10);
    await org.revokeKey(key.id, 20);
    await org.touchKeys(new Map([[key.id, 30]]));
    await org.touchKeys(
      new Map([
        [key.id, 25],
        ['key_none', 1],
      ]),
    );
    await org.touchKeys(new Map());
    expect(await org.key(key.id)).toEqual({ ...key, revokedAt: 10, lastUsedAt: 30 });
    await expect(org.revokeKey('key_none', 1)).rejects.toMatchObject({ code: 'not_found' });
  });
}
