import type { AppRecord, Store } from '@myriad/contracts';
import { expect, test } from 'vitest';
import { sampleApp, sampleManifest, sampleVersion } from './samples.exam.ts';

const names = (page: { readonly items: readonly AppRecord[] }) => page.items.map(({ name }) => name);

export function examineApps(open: () => Store): void {
  test('[A1] an app comes back as it was given, by id and by name', async () => {
    const { apps } = open();
    const app = sampleApp({ tenant: 'a1', name: 'sales', builtin: true, hasDraft: true });
    const draft = { appId: app.id, source: 'name: sales', updatedAt: 5, updatedBy: 'per_1' };
    await apps.create(app, draft);
    expect(await apps.byId(app.id)).toEqual(app);
    expect(await apps.byName('a1', 'sales')).toEqual(app);
    expect(await apps.byName('elsewhere', 'sales')).toBeNull();
    expect(await apps.draft(app.id)).toEqual(draft);
  });

  test('[A2] a name is taken once in a tenant, and the loser leaves nothing behind', async () => {
    const { apps } = open();
    await apps.create(sampleApp({ tenant: 'a2', name: 'one' }), null);
    const second = sampleApp({ tenant: 'a2', name: 'one', titleEn: 'Unmistakable' });
    await expect(apps.create(second, null)).rejects.toMatchObject({ code: 'conflict' });
    expect((await apps.list({ tenant: 'a2', search: 'unmistakable' })).items).toEqual([]);
    await apps.create(sampleApp({ tenant: 'a2-other', name: 'one' }), null);
    expect(await apps.count('a2')).toBe(1);
  });

  test('[A3] of many who take one name at the same moment, exactly one gets it', async () => {
    const { apps } = open();
    const tries = await Promise.allSettled(
      Array.from({ length: 12 }, () => apps.create(sampleApp({ tenant: 'a3', name: 'race' }), null)),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await apps.count('a3')).toBe(1);
  });

  test('[A4] pages are stable while apps are added: nothing twice, nothing of the start missing', async () => {
    const { apps } = open();
    const first = Array.from({ length: 25 }, () => sampleApp({ tenant: 'a4' }));
    for (const app of first) await apps.create(app, null);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof apps.list>> = await apps.list({ tenant: 'a4', limit: 7, cursor });
      seen.push(...names(page));
      cursor = page.nextCursor;
      await apps.create(sampleApp({ tenant: 'a4' }), null);
    } while (cursor);
    expect(seen).toEqual(first.map(({ name }) => name).reverse());
  });

  test('[A5] search finds Chinese inside longer words, single characters, and English by the beginning of a word', async () => {
    const { apps } = open();
    const tenant = 'a5';
    await apps.create(
      sampleApp({ tenant, name: 'contracts', titleEn: 'Contract review', titleZh: '合同审查助手' }),
      null,
    );
    await apps.create(sampleApp({ tenant, name: 'drive', titleEn: 'Team drive', titleZh: '百度网盘' }), null);
    await apps.create(
      sampleApp({ tenant, name: 'c-lib', titleEn: 'Library', titleZh: '文库', descriptionZh: '文档与C++资料' }),
      null,
    );
    const find = async (search: string) => names(await apps.list({ tenant, search })).sort();
    expect(await find('合同')).toEqual(['contracts']);
    expect(await find('审查助手')).toEqual(['contracts']);
    expect(await find('网盘')).toEqual(['drive']);
    expect(await find('盘')).toEqual(['drive']);
    expect(await find('网')).toEqual(['drive']);
    expect(await find('盘网')).toEqual([]);
    expect(await find('CONTRACT rev')).toEqual(['contracts']);
    expect(await find('eview')).toEqual([]);
    expect(await find('c++')).toEqual(['c-lib', 'contracts']);
    expect(await find('"; drop table app; --')).toEqual([]);
    expect(await find('!!!')).toEqual([]);
  });

  test('[A6] the app whose very name is searched comes first, and once', async () => {
    const { apps } = open();
    const tenant = 'a6';
    await apps.create(sampleApp({ tenant, name: 'report' }), null);
    for (let index = 0; index < 5; index += 1) await apps.create(sampleApp({ tenant, name: `report-${index}` }), null);
    const first = await apps.list({ tenant, search: 'report', limit: 1 });
    expect(names(first)).toEqual(['report']);
    const rest = await apps.list({ tenant, search: 'report', limit: 3, cursor: first.nextCursor });
    expect(names(rest)).toEqual(['report-4', 'report-3', 'report-2']);
    const last = await apps.list({ tenant, search: 'report', limit: 3, cursor: rest.nextCursor });
    expect(names(last)).toEqual(['report-1', 'report-0']);
    expect(last.nextCursor).toBeNull();
  });

  test('[A7] principals see what one of them may use or edit, in lists and in search, and nothing else', async () => {
    const { apps } = open();
    const tenant = 'a7';
    await apps.create(sampleApp({ tenant, name: 'open', edit: [] }), null);
    await apps.create(sampleApp({ tenant, name: 'finance', use: ['group:finance'], edit: ['person:ann'] }), null);
    await apps.create(sampleApp({ tenant, name: 'secret', use: ['person:bob'], edit: ['person:bob'] }), null);
    const seen = async (principals: readonly string[], search?: string) =>
      names(await apps.list({ tenant, principals, ...(search ? { search } : {}) }));
    expect(await seen(['everyone', 'person:ann', 'group:finance'])).toEqual(['finance', 'open']);
    expect(await seen(['person:bob', 'everyone'])).toEqual(['secret', 'open']);
    expect(await seen(['person:ann'], 'secret')).toEqual([]);
    expect(await seen(['person:ann'], 'finance')).toEqual(['finance']);
    expect(await seen([])).toEqual([]);
  });

  test('[A8] filters of status, surface and built-in apps go together with principals', async () => {
    const { apps } = open();
    const tenant = 'a8';
    await apps.create(sampleApp({ tenant, name: 'chat', expose: ['chat'] }), null);
    await apps.create(sampleApp({ tenant, name: 'mcp', expose: ['mcp', 'api'], builtin: true }), null);
    await apps.create(sampleApp({ tenant, name: 'stopped', status: 'stopped', expose: ['mcp'] }), null);
    expect(names(await apps.list({ tenant, expose: 'mcp' }))).toEqual(['stopped', 'mcp']);
    expect(names(await apps.list({ tenant, expose: 'mcp', status: 'published', principals: ['everyone'] }))).toEqual([
      'mcp',
    ]);
    expect(names(await apps.list({ tenant, builtin: true }))).toEqual(['mcp']);
    expect(names(await apps.list({ tenant, builtin: false }))).toEqual(['stopped', 'chat']);
  });

  test('[A9] a draft is kept beside the app; one for no app is refused', async () => {
    const { apps } = open();
    const app = sampleApp({ tenant: 'a9' });
    await apps.create(app, null);
    await apps.saveDraft({ appId: app.id, source: 'v1', updatedAt: 9, updatedBy: 'per_1' });
    await apps.saveDraft({ appId: app.id, source: 'v2', updatedAt: 10, updatedBy: 'per_2' });
    expect(await apps.draft(app.id)).toMatchObject({ source: 'v2', updatedBy: 'per_2' });
    expect(await apps.byId(app.id)).toMatchObject({ hasDraft: true, updatedAt: 10 });
    const stray = { appId: 'app_none', source: '', updatedAt: 1, updatedBy: '' };
    await expect(apps.saveDraft(stray)).rejects.toMatchObject({ code: 'not_found' });
    expect(await apps.draft('app_none')).toBeNull();
  });

  test('[A10] publishing writes the version and makes it current in one step, and takes the draft away', async () => {
    const { apps } = open();
    const app = sampleApp({ tenant: 'a10', status: 'draft', hasDraft: true });
    await apps.create(app, { appId: app.id, source: 'x', updatedAt: 1, updatedBy: 'p' });
    const version = sampleVersion(app.id, 1, {
      evals: { passed: 1, failed: 0, results: [{ name: 'e', passed: true, reason: 'ok', tookMs: 3 }], model: null },
    });
    const published: AppRecord = {
      ...app,
      status: 'published',
      hasDraft: false,
      currentVersion: version.hash,
      versionNumber: 1,
      titleEn: 'Renamed',
      use: ['group:new'],
    };
    await apps.publish(version, published, null);
    expect(await apps.byId(app.id)).toEqual(published);
    expect(await apps.version(app.id, version.hash)).toEqual(version);
    expect(await apps.versionByNumber(app.id, 1)).toEqual(version);
    expect(await apps.draft(app.id)).toBeNull();
    expect(names(await apps.list({ tenant: 'a10', search: 'renamed', principals: ['group:new'] }))).toEqual([app.name]);
    expect(names(await apps.list({ tenant: 'a10', principals: ['everyone'] }))).toEqual([]);
    expect(names(await apps.list({ tenant: 'a10', search: 'helper' }))).toEqual([]);
  });

  test('[A11] a publication made on an older version is refused and changes nothing', async () => {
    const { apps } = open();
    const app = sampleApp({ tenant: 'a11' });
    await apps.create(app, null);
    const publish = (number: number, expected: string | null) => {
      const version = sampleVersion(app.id, number);
      return apps.publish(version, { ...app, currentVersion: version.hash, versionNumber: number }, expected);
    };
    await publish(1, null);
    await expect(publish(2, null)).rejects.toMatchObject({ code: 'conflict' });
    expect(await apps.versionByNumber(app.id, 2)).toBeNull();
    const first = sampleVersion(app.id, 1).hash;
    const both = await Promise.allSettled([publish(2, first), publish(3, first)]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const current = await apps.byId(app.id);
    expect((await apps.versions(app.id, {})).items.map(({ hash }) => hash)).toEqual([current?.currentVersion, first]);
  });

  test('[A12] a rollback takes access and titles back to what the older version says', async () => {
    const { apps } = open();
    const app = sampleApp({ tenant: 'a12', use: ['group:few'] });
    await apps.create(app, null);
    const old = sampleVersion(app.id, 1, {
      manifest: sampleManifest({ access: { use: ['group:few'], edit: [] }, title: { en: 'Old', zh: '旧' } }),
    });
    const wide = sampleVersion(app.id, 2, {
      manifest: sampleManifest({ access: { use: ['everyone'], edit: [] }, title: { en: 'Wide', zh: '新' } }),
    });
    await apps.publish(old, { ...app, currentVersion: old.hash, versionNumber: 1 }, null);
    await apps.publish(wide, { ...app, use: ['everyone'], currentVersion: wide.hash, versionNumber: 2 }, old.hash);
    await expect(apps.setCurrent(app.id, old.hash, old.hash, 9)).rejects.toMatchObject({ code: 'conflict' });
    await apps.setCurrent(app.id, old.hash, wide.hash, 9);
    expect(await apps.byId(app.id)).toMatchObject({
      currentVersion: old.hash,
      versionNumber: 1,
      titleEn: 'Old',
      use: ['group:few'],
      updatedAt: 9,
    });
    expect((await apps.list({ tenant: 'a12', principals: ['everyone'] })).items).toEqual([]);
    await expect(apps.setCurrent(app.id, 'nothing', old.hash, 9)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[A13] versions are listed newest first, in pages, without their text', async () => {
    const { apps } = open();
    const app = sampleApp({ tenant: 'a13' });
    await apps.create(app, null);
    let expected: string | null = null;
    for (let number = 1; number <= 5; number += 1) {
      const version = sampleVersion(app.id, number);
      await apps.publish(version, { ...app, currentVersion: version.hash, versionNumber: number }, expected);
      expected = version.hash;
    }
    const page = await apps.versions(app.id, { limit: 3 });
    expect(page.items.map(({ number }) => number)).toEqual([5, 4, 3]);
    expect(page.items[0]).not.toHaveProperty('manifest');
    const next = await apps.versions(app.id, { limit: 3, cursor: page.nextCursor });
    expect(next.items.map(({ number }) => number)).toEqual([2, 1]);
    expect(next.nextCursor).toBeNull();
  });

  test('[A14] a status changes alone; that of no app is refused', async () => {
    const { apps } = open();
    const app = sampleApp({ tenant: 'a14' });
    await apps.create(app, null);
    await apps.setStatus(app.id, 'stopped', 77);
    expect(await apps.byId(app.id)).toEqual({ ...app, status: 'stopped', updatedAt: 77 });
    await expect(apps.setStatus('app_none', 'stopped', 1)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('[A15] many are registered at once, those already there are left as they are, and all are found', async () => {
    const { apps } = open();
    const rows = Array.from({ length: 60 }, (_, index) => {
      const app = sampleApp({ tenant: 'a15', name: `bulk-${index}`, titleZh: `批量应用${index}` });
      const version = sampleVersion(app.id, 1);
      return { app: { ...app, currentVersion: version.hash, versionNumber: 1 }, version };
    });
    expect(await apps.importMany(rows.slice(0, 30))).toBe(30);
    const taken = { ...(rows[0] as (typeof rows)[number]) };
    const sameName = { app: sampleApp({ tenant: 'a15', name: 'bulk-1' }), version: taken.version };
    expect(await apps.importMany([...rows.slice(20), sameName])).toBe(30);
    expect(await apps.count('a15')).toBe(60);
    expect(await apps.byId(sameName.app.id)).toBeNull();
    expect(await apps.versionByNumber(rows[59]?.app.id ?? '', 1)).toEqual(rows[59]?.version);
    const found = await apps.list({ tenant: 'a15', search: '批量', principals: ['everyone'], limit: 100 });
    expect(found.items).toHaveLength(60);
    expect(await apps.importMany([])).toBe(0);
  });
}
