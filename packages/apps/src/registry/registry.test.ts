import { describe, expect, test } from 'vitest';
import { saying } from '../../test/memory-house.ts';
import { manifest, mei, ofType, openHouse, textOf } from '../../test/open-house.ts';
import { unifiedDiff } from './diff-versions.ts';

const failing = (code: string) => expect.objectContaining({ code });

describe('drafts and versions', () => {
  test('[G1] create makes a draft that nobody but its owner may use, and its name is its own', async () => {
    const house = openHouse();
    const app = await house.apps.create(manifest('title: {en: Front desk, zh: 前台}'), mei);
    expect(app).toMatchObject({
      name: 'desk',
      titleZh: '前台',
      status: 'draft',
      ownerId: 'per_mei',
      use: [],
      currentVersion: null,
    });
    await expect(house.apps.create(manifest(), mei)).rejects.toEqual(failing('conflict'));
    await expect(house.apps.create('kind: App', mei)).rejects.toEqual(failing('manifest_invalid'));
    expect(await house.apps.current(app)).toBeNull();
  });

  test('[G1] an owner named in the manifest is the owner, by id; e-mail addresses become ids when they are written', async () => {
    const resolvePerson = async (email: string) => (email === 'bo@example.org' ? 'per_bo' : null);
    const house = openHouse({ wiring: { resolvePerson } });
    const app = await house.apps.create(
      manifest(
        "owner: 'person:Bo@example.org'",
        "access: {use: ['person:bo@example.org', 'person:no@example.org', 'group:a']}",
      ),
      mei,
    );
    expect(app.ownerId).toBe('per_bo');
    expect(app.use).toEqual(['person:per_bo', 'person:no@example.org', 'group:a']);
  });

  test('[G2] publish writes version 1, 2, 3 and makes each current; the same content is not written twice', async () => {
    const house = openHouse({ scripts: [saying('ok')] });
    const first = await house.publish(manifest());
    const { app: second, version } = await house.apps.publish(first, manifest('starters: [Hi]'), mei);
    expect(version).toMatchObject({ number: 2, publishedBy: 'per_mei' });
    const again = await house.apps.publish(second, manifest(), mei);
    expect(again.version.number).toBe(1);
    expect(again.app).toMatchObject({ currentVersion: first.currentVersion, versionNumber: 2 });
    const third = await house.apps.publish(again.app, manifest('starters: [Ho]'), mei);
    expect(third.version.number).toBe(3);
    expect((await house.store.apps.versions(first.id, {})).items).toHaveLength(3);
  });

  test('[G2] a wrong draft may be saved and not published; a published app never changes its name', async () => {
    const house = openHouse();
    const app = await house.publish(manifest());
    const wrong = await house.apps.saveDraft(app, 'kind: Ap', mei);
    expect(wrong.hasDraft).toBe(true);
    await expect(house.apps.publish(wrong, null, mei)).rejects.toMatchObject({
      code: 'manifest_invalid',
      facts: { issues: expect.arrayContaining([expect.objectContaining({ field: 'kind', didYouMean: 'App' })]) },
    });
    const renamed = manifest().replace('name: desk', 'name: bureau');
    await expect(house.apps.publish(app, renamed, mei)).rejects.toEqual(failing('conflict'));
  });

  test('[G2] of two who publish over the same version, the second is told that it changed', async () => {
    const house = openHouse();
    const app = await house.publish(manifest());
    const results = await Promise.allSettled([
      house.apps.publish(app, manifest('starters: [A]'), mei),
      house.apps.publish(app, manifest('starters: [B]'), mei),
    ]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('[G3] rollback is one step, and forward again', async () => {
    const house = openHouse({ scripts: [saying('ok')] });
    const first = await house.publish(manifest());
    const { app } = await house.apps.publish(first, manifest('starters: [Hi]'), mei);
    const back = await house.apps.rollback(app, 1, mei);
    expect((await house.apps.current(back))?.number).toBe(1);
    expect((await house.apps.current(await house.apps.rollback(back, 2, mei)))?.number).toBe(2);
    await expect(house.apps.rollback(app, 9, mei)).rejects.toEqual(failing('not_found'));
  });

  test('[G4] diff shows lines of the source and fields of the compiled form', async () => {
    const house = openHouse();
    const first = await house.publish(manifest('model: {temperature: 0}'));
    const { app } = await house.apps.publish(first, manifest('model: {temperature: 0.5}'), mei);
    expect(await house.apps.diff(app, 1, 2)).toEqual({
      from: 1,
      to: 2,
      text: '--- desk version 1\n+++ desk version 2\n@@ -2,4 +2,4 @@\n name: desk\n description: A desk\n instructions: Be brief.\n-model: {temperature: 0}\n+model: {temperature: 0.5}\n',
      fields: [{ field: 'model.temperature', before: 0, after: 0.5 }],
    });
  });

  test('[G4] the unified diff of random texts, applied to the first, gives the second', () => {
    let seed = 5;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    for (let round = 0; round < 300; round += 1) {
      const before = Array.from({ length: random(30) }, () => `line ${random(6)}`);
      const after = before.flatMap((line) =>
        random(5) === 0 ? [] : random(5) === 0 ? [line, `new ${random(9)}`] : [line],
      );
      const diff = unifiedDiff(before.join('\n'), after.join('\n'), ['a', 'b']);
      expect(applied(before, diff)).toEqual(after);
    }
  });

  test('[G5] every change is audited', async () => {
    const house = openHouse();
    const app = await house.publish(manifest());
    await house.apps.saveDraft(app, manifest(), mei);
    const { app: second } = await house.apps.publish(app, manifest('starters: [Hi]'), mei);
    await house.apps.setStatus(await house.apps.rollback(second, 1, mei), 'stopped', mei);
    expect(house.store.audit.entries.map(({ action }) => action)).toEqual([
      'app.create',
      'app.publish',
      'app.draft',
      'app.publish',
      'app.rollback',
      'app.status',
    ]);
    expect(
      house.store.audit.entries.every(({ actor, object }) => actor === 'per_mei' && object === `app:${app.id}`),
    ).toBe(true);
  });
});

/** Applies a unified diff, strictly: context and removed lines must stand where it says. */
function applied(before: readonly string[], diff: string): string[] {
  if (diff === '') return [...before];
  const result: string[] = [];
  let at = 0;
  for (const line of diff.split('\n').slice(2, -1)) {
    const range = line.match(/^@@ -(\d+),(\d+) \+\d+,\d+ @@$/);
    if (range) {
      const from = Number(range[2]) === 0 ? Number(range[1]) : Number(range[1]) - 1;
      while (at < from) result.push(before[at++] as string);
    } else if (line.startsWith('+')) result.push(line.slice(1));
    else {
      expect(before[at]).toBe(line.slice(1));
      if (line.startsWith(' ')) result.push(before[at] as string);
      at += 1;
    }
  }
  return [...result, ...before.slice(at)];
}

describe('evals', () => {
  const source = manifest(
    'evals:',
    '  - {name: greets, input: Hi, expect: {contains: [hello], excludes: bye, finish: stop}}',
    '  - {input: Hi, expect: {matches: "^hello.*!$"}}',
  );

  test('[V1] run through the real path before a version is written, and the report is kept with it', async () => {
    const house = openHouse({ scripts: [saying('Hello there!')] });
    const app = await house.apps.create(source, mei);
    const { evals, version } = await house.apps.publish(app, null, mei);
    expect(evals).toMatchObject({ passed: 2, failed: 0, model: 'fake/model' });
    expect(version.evals).toEqual(evals);
    expect(house.kernel.begun.map(({ surface, priority }) => [surface, priority])).toEqual([
      ['eval', 'batch'],
      ['eval', 'batch'],
    ]);
    expect(house.kernel.settled).toHaveLength(2);
  });

  test('[V2] a failing eval stops the publish and says which and why; skipped, it does not', async () => {
    const house = openHouse({ scripts: [saying('Goodbye.')] });
    const app = await house.apps.create(source, mei);
    await expect(house.apps.publish(app, null, mei)).rejects.toMatchObject({
      code: 'evals_failed',
      message: expect.stringContaining('greets: The answer does not contain "hello"'),
      facts: { report: { failed: 2 } },
    });
    expect((await house.store.apps.byId(app.id))?.currentVersion).toBeNull();
    const { evals, app: published } = await house.apps.publish(app, null, mei, { skipEvals: true });
    expect(evals).toBeNull();
    expect(published.status).toBe('published');
    expect(house.store.audit.entries.at(-1)?.detail).toMatchObject({ evalsSkipped: true });
  });
});

describe('import', () => {
  async function* lines(...texts: string[]) {
    yield* texts;
  }
  const json = (name: string) => JSON.stringify({ kind: 'App', name, description: 'd', instructions: 'i' });

  test('[I1] takes JSON objects and YAML texts, reports bad lines by number, and goes on', async () => {
    const house = openHouse({ scripts: [saying('imported')] });
    const progress: [number, number][] = [];
    const report = await house.apps.importMany(
      lines(
        json('a'),
        JSON.stringify(manifest()),
        '',
        '{"kind":"Ap"}',
        '{broken',
        json('a'),
        JSON.stringify(house.apps.validate(manifest().replace('desk', 'compiled')).manifest),
      ),
      mei,
      (done, bad) => progress.push([done, bad]),
    );
    expect(report.imported).toBe(3);
    expect(report.rejected.map(({ line }) => line)).toEqual([4, 5]);
    expect(report.rejected[0]?.reason).toContain('`App`');
    expect(progress.at(-1)).toEqual([7, 2]);
    for (const name of ['desk', 'compiled']) {
      const app = await house.store.apps.byName('main', name);
      expect(textOf(await house.run(app as never))).toBe('imported');
      const version = await house.apps.current(app as never);
      expect(house.apps.validate(version?.source ?? '').hash).toBe(version?.hash);
    }
  });

  test('[I1] writes in batches and keeps no more than a batch', async () => {
    const house = openHouse();
    const sizes: number[] = [];
    const { importMany } = house.store.apps;
    house.store.apps.importMany = (rows) => {
      sizes.push(rows.length);
      return importMany(rows);
    };
    async function* many() {
      for (let index = 0; index < 2_300; index += 1) yield json(`app-${index}`);
    }
    expect((await house.apps.importMany(many(), mei)).imported).toBe(2_300);
    expect(sizes).toEqual([1_000, 1_000, 300]);
  });
});

test('[R1] an app’s draft can be tried before it is published', async () => {
  const house = openHouse({ scripts: [saying('draft')] });
  const app = await house.apps.create(manifest(), mei);
  const compiled = house.apps.validate(manifest()).manifest;
  const events = await house.run(app, { manifest: compiled as never });
  expect(ofType(events, 'run')[0]).toMatchObject({ version: null, reason: 'override' });
  expect(textOf(events)).toBe('draft');
});
