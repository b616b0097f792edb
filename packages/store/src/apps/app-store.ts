/** The registry: apps, drafts, immutable versions. */
import type { AppRecord, AppStore } from '@myriad/contracts';
import { MyriadError } from '@myriad/contracts';
import type { Cascade, Expectation, Statement } from '../database/batch.ts';
import type { Database } from '../database/database.ts';
import { pageLimit, readCursor, toPage } from '../database/pages.ts';
import { insertIfNew, insertRow, saveRow, statement, updateRows } from '../database/statements.ts';
import { appCodec, draftCodec, versionCodec } from '../records/codecs.ts';
import { appRow, deleteDraft, indexSteps, indexWords, principalsOf, versionRow } from './app-rows.ts';
import { listApps } from './list-apps.ts';

const missing = (id: string): Expectation => ({ changes: 1, code: 'not_found', message: `There is no app ${id}.` });

/** The current version must still be the one that the change was made on. */
function guardVersion(appId: string, expected: string | null): Statement {
  const same = expected === null ? '"currentVersion" is null' : '"currentVersion" = ?';
  return statement(
    `update "app" set "id" = "id" where "id" = ? and ${same}`,
    expected === null ? [appId] : [appId, expected],
    { changes: 1, code: 'conflict', message: `App ${appId} has another current version than ${expected ?? 'none'}.` },
  );
}

export function createAppStore(database: Database): AppStore {
  const { query, dialect } = database;
  const byId = async (id: string) => {
    const row = await query.selectFrom('app').select(appCodec.columns).where('id', '=', id).executeTakeFirst();
    return row ? appCodec.decode(row) : null;
  };
  const existing = async (id: string): Promise<AppRecord> => {
    const app = await byId(id);
    if (!app) throw new MyriadError('not_found', `There is no app ${id}.`, { facts: { id } });
    return app;
  };
  const changeApp = (before: AppRecord, app: AppRecord): readonly Statement[] => {
    const { id, createdAt: _made, ...changes } = appRow(app);
    const indexed = (record: AppRecord) => JSON.stringify([indexWords(record), record.tenant]);
    return [
      updateRows('app', changes, { id: app.id }, missing(String(id))),
      ...(indexed(before) === indexed(app) ? [] : indexSteps(dialect, app, before)),
    ];
  };

  return {
    async create(app, draft) {
      await database.write([
        insertRow('app', appRow(app), `There is already an app named ${app.name}.`),
        ...indexSteps(dialect, app, null),
        ...(draft ? [saveRow('appDraft', draftCodec.encode(draft), ['appId'])] : []),
      ]);
    },
    byId,
    async byName(tenant, name) {
      const row = await query
        .selectFrom('app')
        .select(appCodec.columns)
        .where('tenant', '=', tenant)
        .where('name', '=', name)
        .executeTakeFirst();
      return row ? appCodec.decode(row) : null;
    },
    list: (wanted) => listApps(database, wanted),
    async count(tenant) {
      const [row] = await database.readSlowly('select count(*) as "apps" from "app" where "tenant" = ?', [tenant]);
      return Number(row?.apps ?? 0);
    },
    async saveDraft(draft) {
      await database.write([
        updateRows('app', { hasDraft: 1, updatedAt: draft.updatedAt }, { id: draft.appId }, missing(draft.appId)),
        saveRow('appDraft', draftCodec.encode(draft), ['appId']),
      ]);
    },
    async draft(appId) {
      const row = await query.selectFrom('appDraft').selectAll().where('appId', '=', appId).executeTakeFirst();
      return row ? draftCodec.decode(row) : null;
    },
    async publish(version, app, expectedVersion) {
      const before = await existing(app.id);
      await database.write([
        guardVersion(app.id, expectedVersion),
        insertIfNew('appVersion', versionRow(version)),
        // The same content under its old number is the same version; another content under a taken number is not.
        statement(
          `update "appVersion" set "number" = "number" where "appId" = ? and "hash" = ?`,
          [version.appId, version.hash],
          { changes: 1, code: 'conflict', message: `Version ${version.number} of ${app.name} is another one already.` },
        ),
        ...changeApp(before, app),
        ...(app.hasDraft ? [] : [deleteDraft(app.id)]),
      ]);
    },
    async version(appId, hash) {
      const row = await query
        .selectFrom('appVersion')
        .selectAll()
        .where('appId', '=', appId)
        .where('hash', '=', hash)
        .executeTakeFirst();
      return row ? versionCodec.decode(row) : null;
    },
    async versionByNumber(appId, number) {
      const row = await query
        .selectFrom('appVersion')
        .selectAll()
        .where('appId', '=', appId)
        .where('number', '=', number)
        .executeTakeFirst();
      return row ? versionCodec.decode(row) : null;
    },
    async versions(appId, page) {
      const limit = pageLimit(page);
      const cursor = readCursor<readonly [number]>(page, [0]);
      const rows = await query
        .selectFrom('appVersion')
        .select(['appId', 'hash', 'number', 'publishedAt', 'publishedBy', 'evals'])
        .where('appId', '=', appId)
        .$if(cursor !== null, (some) => some.where('number', '<', cursor?.[0] ?? 0))
        .orderBy('number', 'desc')
        .limit(limit + 1)
        .execute();
      return toPage(
        rows,
        limit,
        ({ number }) => [number],
        ({ evals, ...row }) => ({ ...row, evals: evals === null ? null : JSON.parse(evals) }),
      );
    },
    async setCurrent(appId, hash, expectedVersion, updatedAt) {
      const [app, version] = await Promise.all([existing(appId), this.version(appId, hash)]);
      if (!version) throw new MyriadError('not_found', `App ${app.name} has no version ${hash}.`, { facts: { hash } });
      const { manifest, number } = version;
      const changed: AppRecord = {
        ...app,
        // What the manifest says of names and access goes back with it: a rollback leaves no newer right behind.
        titleEn: manifest.title?.en ?? app.titleEn,
        titleZh: manifest.title?.zh ?? app.titleZh,
        descriptionEn: manifest.description?.en ?? app.descriptionEn,
        descriptionZh: manifest.description?.zh ?? app.descriptionZh,
        use: manifest.access?.use ?? app.use,
        edit: manifest.access?.edit ?? app.edit,
        expose: manifest.expose ?? app.expose,
        currentVersion: hash,
        versionNumber: number,
        updatedAt,
      };
      await database.write([guardVersion(appId, expectedVersion), ...changeApp(app, changed)]);
    },
    async setStatus(appId, status, updatedAt) {
      await database.write([updateRows('app', { status, updatedAt }, { id: appId }, missing(appId))]);
    },
    async importMany(rows) {
      if (rows.length === 0) return 0;
      const first = rows[0] as (typeof rows)[number];
      const cascade: Cascade = {
        kind: 'cascade',
        table: 'app',
        columns: Object.keys(appRow(first.app)),
        identity: ['id'],
        dependents: [
          { table: 'appVersion', columns: Object.keys(versionRow(first.version)), seqColumn: null },
          { table: 'appPrincipal', columns: ['principal', 'tenant'], seqColumn: 'seq' },
          { table: dialect.appIndex.table, columns: ['words'], seqColumn: dialect.appIndex.seqColumn },
        ],
        rows: rows.map(({ app, version }) => ({
          values: Object.values(appRow(app)),
          dependents: [
            [Object.values(versionRow(version))],
            principalsOf(app).map((principal) => [principal, app.tenant]),
            [[dialect.appIndex.encode(indexWords(app))]],
          ],
        })),
      };
      const [result] = await database.write([cascade]);
      return result?.changes ?? 0;
    },
  };
}
