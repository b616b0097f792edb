/** People and groups. Membership is one table: a person's groups and a group's members are two views of it. */
import type { Group, OrgStore, Person } from '@myriad/contracts';
import type { Statement } from '../database/batch.ts';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { deleteRows, insertIfNew, saveRow, statement } from '../database/statements.ts';
import { groupCodec, personCodec } from '../records/codecs.ts';

type PeopleStore = Pick<
  OrgStore,
  'person' | 'personByEmail' | 'people' | 'countPeople' | 'savePerson' | 'groups' | 'saveGroup' | 'deleteGroup'
>;

const join = (groupName: string, personId: string): Statement => insertIfNew('membership', { groupName, personId });

export function createPeopleStore(database: Database): PeopleStore {
  const { query } = database;
  const withGroups = async (rows: readonly { readonly id: string }[]): Promise<Person[]> => {
    if (rows.length === 0) return [];
    const memberships = await query
      .selectFrom('membership')
      .selectAll()
      .where(
        'personId',
        'in',
        rows.map(({ id }) => id),
      )
      .orderBy('groupName')
      .execute();
    return rows.map((row) => ({
      ...personCodec.decode(row),
      groups: memberships.filter(({ personId }) => personId === row.id).map(({ groupName }) => groupName),
    }));
  };

  return {
    async person(id) {
      return (await withGroups(await query.selectFrom('person').selectAll().where('id', '=', id).execute()))[0] ?? null;
    },
    async personByEmail(email) {
      const rows = await query
        .selectFrom('person')
        .selectAll()
        .where((condition) => condition(condition.fn<string>('lower', ['email']), '=', email.toLowerCase()))
        .execute();
      return (await withGroups(rows))[0] ?? null;
    },
    async people(page) {
      const limit = pageLimit(page);
      const cursor = readCursor<readonly [string]>(page, ['']);
      let select = query.selectFrom('person').selectAll();
      const search = page.search?.trim().toLowerCase() ?? '';
      if (search !== '') {
        select = select.where((condition) =>
          condition.or([database.dialect.contains('name', search), database.dialect.contains('email', search)]),
        );
      }
      if (cursor) select = select.where('id', '>', cursor[0]);
      const rows = await select
        .orderBy('id')
        .limit(limit + 1)
        .execute();
      const people = new Map((await withGroups(rows)).map((person) => [person.id, person]));
      return toPage(
        rows,
        limit,
        ({ id }) => [id],
        ({ id }) => people.get(id) as Person,
      );
    },
    async countPeople() {
      const row = await query
        .selectFrom('person')
        .select((make) => make.fn.countAll<number>().as('people'))
        .executeTakeFirstOrThrow();
      return row.people;
    },
    async savePerson({ groups, ...person }) {
      await database.write([
        saveRow('person', personCodec.encode(person), ['id']),
        deleteRows('membership', { personId: person.id }),
        ...groups.map((name) => join(name, person.id)),
      ]);
    },
    async groups() {
      const [groups, memberships] = await Promise.all([
        query.selectFrom('memberGroup').selectAll().orderBy('name').execute(),
        query.selectFrom('membership').selectAll().orderBy('personId').execute(),
      ]);
      const members = Map.groupBy(memberships, ({ groupName }) => groupName);
      return groups.map(
        (row): Group => ({
          ...groupCodec.decode(row),
          members: (members.get(row.name) ?? []).map(({ personId }) => personId),
        }),
      );
    },
    async saveGroup({ members, ...group }) {
      await database.write([
        // A new name takes the members along, so that nobody stays in a group that is gone.
        statement(`delete from "membership" where "groupName" in (select "name" from "memberGroup" where "id" = ?)`, [
          group.id,
        ]),
        saveRow('memberGroup', groupCodec.encode(group), ['id']),
        deleteRows('membership', { groupName: group.name }),
        ...members.map((personId) => join(group.name, personId)),
      ]);
    },
    async deleteGroup(id) {
      await database.write([
        statement(`delete from "membership" where "groupName" in (select "name" from "memberGroup" where "id" = ?)`, [
          id,
        ]),
        deleteRows('memberGroup', { id }, { changes: 1, code: 'not_found', message: `There is no group ${id}.` }),
      ]);
    },
  };
}
