import {
  type Clock,
  type Group,
  MyriadError,
  newId,
  type Person,
  type Random,
  type Role,
  type Store,
} from '@myriad/contracts';

export interface PersonChange {
  readonly role?: Role;
  readonly groups?: readonly string[];
  readonly disabled?: boolean;
}

export interface PeopleRegister {
  /** @throws MyriadError `not_found`; `conflict` when the last owner would lose the role or be disabled. */
  update(id: string, change: PersonChange): Promise<Person>;
  saveGroup(
    name: string,
    members: readonly string[],
  ): Promise<{ readonly group: Group; readonly changed: readonly string[] }>;
  deleteGroup(name: string): Promise<{ readonly group: Group; readonly changed: readonly string[] }>;
  /** Adds a new person to the groups named. */
  join(person: Person): Promise<void>;
}

const groupName = /^[\w.-]{1,64}$/;

/** Everybody, page by page. */
export async function* everyPerson(store: Pick<Store, 'org'>): AsyncIterable<Person> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Store['org']['people']>> = await store.org.people({ cursor, limit: 500 });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** People and groups. Membership stands in both records and is kept equal; the caller serialises changes. */
export function keepPeople(wiring: {
  readonly store: Pick<Store, 'org'>;
  readonly clock: Clock;
  readonly random: Random;
}): PeopleRegister {
  const { store, clock, random } = wiring;

  async function personOf(id: string): Promise<Person> {
    const person = await store.org.person(id);
    if (!person) throw new MyriadError('not_found', `There is no person ${id}.`);
    return person;
  }

  async function groupOf(name: string): Promise<Group | null> {
    return (await store.org.groups()).find((group) => group.name === name) ?? null;
  }

  async function assertAnotherOwner(than: string): Promise<void> {
    for await (const person of everyPerson(store)) {
      if (person.id !== than && person.role === 'owner' && !person.disabled) return;
    }
    throw new MyriadError('conflict', 'This is the last owner. Make somebody else an owner first.');
  }

  /** Makes the groups' member lists say what the person's own list says. */
  async function alignGroups(person: Person, before: readonly string[]): Promise<void> {
    const groups = await store.org.groups();
    for (const group of groups) {
      const wanted = person.groups.includes(group.name);
      if (wanted === group.members.includes(person.id) && wanted === before.includes(group.name)) continue;
      const members = group.members.filter((member) => member !== person.id);
      await store.org.saveGroup({ ...group, members: wanted ? [...members, person.id] : members });
    }
  }

  async function assertGroupsExist(names: readonly string[]): Promise<void> {
    const known = new Set((await store.org.groups()).map((group) => group.name));
    const missing = names.find((name) => !known.has(name));
    if (missing !== undefined) throw new MyriadError('not_found', `There is no group ${missing}.`);
  }

  /** Takes the name off or puts it on each person whose membership changed; returns their ids. */
  async function alignPeople(name: string, before: readonly string[], after: readonly string[]): Promise<string[]> {
    const changed = [...new Set([...before, ...after])].filter((id) => before.includes(id) !== after.includes(id));
    for (const id of changed) {
      const person = await store.org.person(id);
      if (!person) continue;
      const others = person.groups.filter((group) => group !== name);
      await store.org.savePerson({ ...person, groups: after.includes(id) ? [...others, name] : others });
    }
    return changed;
  }

  return {
    async update(id, change) {
      const before = await personOf(id);
      const groups = change.groups ? [...new Set(change.groups)] : before.groups;
      await assertGroupsExist(groups);
      const person: Person = {
        ...before,
        role: change.role ?? before.role,
        disabled: change.disabled ?? before.disabled,
        groups,
      };
      const stopsOwning = before.role === 'owner' && !before.disabled && (person.role !== 'owner' || person.disabled);
      if (stopsOwning) await assertAnotherOwner(id);
      await store.org.savePerson(person);
      await alignGroups(person, before.groups);
      return person;
    },

    async saveGroup(name, members) {
      if (!groupName.test(name)) {
        throw new MyriadError('invalid_request', 'A group is named by letters, digits, `_`, `.` and `-`, at most 64.');
      }
      const unique = [...new Set(members)];
      for (const member of unique) await personOf(member);
      const known = await groupOf(name);
      const group: Group = known
        ? { ...known, members: unique }
        : { id: newId('grp', clock, random), name, members: unique, createdAt: clock.now() };
      await store.org.saveGroup(group);
      return { group, changed: await alignPeople(name, known?.members ?? [], unique) };
    },

    async deleteGroup(name) {
      const group = await groupOf(name);
      if (!group) throw new MyriadError('not_found', `There is no group ${name}.`);
      await store.org.deleteGroup(group.id);
      return { group, changed: await alignPeople(name, group.members, []) };
    },

    join: (person) => alignGroups(person, []),
  };
}
