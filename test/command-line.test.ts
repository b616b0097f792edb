/** The `myriad` command, as a person types it: on an idle data folder, beside a running node, and wrongly. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makePdf } from './support/make-pdf.ts';
import { emptyFolder, type RunningNode, runCommand, startNode } from './support/start-node.ts';

const manifest = (instructions: string) => `kind: App
name: policy-desk
description: {en: Answers from the policies., zh: 根据制度回答。}
instructions: ${instructions}
knowledge: [library:policies]
access: {use: [everyone]}
expose: [chat, api]
evals: [{input: "May opened food be returned?", expect: {contains: never}}]
`;

let cwd: string;
let node: RunningNode;

async function myriad<T = Record<string, unknown>>(
  ...args: string[]
): Promise<{ code: number | null; json: T; out: string; err: string }> {
  const { code, out, err } = await runCommand([...args, '--data', node.data, '--json'], { cwd });
  return { code, json: (out.trim() === '' ? null : JSON.parse(out)) as T, out, err };
}

beforeAll(async () => {
  cwd = emptyFolder('work');
  node = await startNode();
  mkdirSync(join(cwd, 'policies', 'inner'), { recursive: true });
  writeFileSync(join(cwd, 'policies', 'returns.pdf'), makePdf([['Opened food is never taken back.']]));
  writeFileSync(join(cwd, 'policies', 'inner', '差旅.md'), '# 差旅\n\n超过五千元的差旅需要总监批准。\n');
  writeFileSync(join(cwd, 'app.yaml'), manifest('Answer from the policies.'));
  writeFileSync(join(cwd, 'wrong.yaml'), 'kind: App\nname: Wrong Name\ndescription: x\ninstrctions: y\n');
});
afterAll(() => node?.stop());

describe('beside a running node', () => {
  test('knowledge: a folder is read, listed and searched, in both languages', async () => {
    const added = await myriad<{ name: string; status: string }[]>(
      'knowledge',
      'add',
      'policies',
      '--library',
      'policies',
    );
    expect(added.code).toBe(0);
    expect(added.json.map(({ name, status }) => [name, status]).sort()).toEqual(
      [
        ['returns.pdf', 'ready'],
        ['差旅.md', 'ready'],
      ].sort(),
    );
    const found = await myriad<{ passages: { documentName: string }[] }>('knowledge', 'search', '差旅', '谁', '批准');
    expect(found.json.passages[0]?.documentName).toBe('差旅.md');
    const people = await runCommand(['knowledge', 'list', '--data', node.data], { cwd });
    expect(people.out).toMatch(/policies\s+2\s/);
  });

  test('app: validated with line and column, published with its evals, run, shown, rolled back', async () => {
    const wrong = await runCommand(['app', 'validate', 'wrong.yaml', '--data', node.data], { cwd });
    expect(wrong.code).toBe(5);
    expect(wrong.out).toMatch(/wrong\.yaml:2:\d+ error: name/);
    expect(wrong.out).toMatch(/Did you mean `instructions`\?/);
    const published = await myriad<{ version: { number: number }; evals: { passed: number } }>(
      'app',
      'publish',
      'app.yaml',
    );
    expect(published.json).toMatchObject({ version: { number: 1 }, evals: { passed: 1, failed: 0 } });
    writeFileSync(join(cwd, 'app.yaml'), manifest('Answer from the policies, briefly.'));
    expect((await myriad<{ version: { number: number } }>('app', 'publish', 'app.yaml')).json.version.number).toBe(2);
    const answer = await runCommand(
      ['app', 'run', 'policy-desk', 'May', 'opened', 'food', 'be', 'returned?', '--data', node.data],
      { cwd },
    );
    expect(answer.out).toContain('Opened food is never taken back');
    expect(answer.err).toMatch(/\[1\] returns\.pdf, page 1\nrun_\w+ · myriad\/extract-1 · 0 USD/);
    const back = await myriad<{ app: { versionNumber: number } }>('app', 'rollback', 'policy-desk', '1');
    expect(back.json.app.versionNumber).toBe(1);
    const listed = await myriad<{ items: { name: string }[] }>('app', 'list', '--search', '制度');
    expect(listed.json.items.map(({ name }) => name)).toEqual(['policy-desk']);
  });

  test('an app whose evals fail is not published', async () => {
    writeFileSync(
      join(cwd, 'failing.yaml'),
      manifest('x').replace('contains: never', 'contains: gladly').replace('policy-desk', 'failing-desk'),
    );
    const failed = await myriad<{ error: { code: string } }>('app', 'publish', 'failing.yaml');
    expect([failed.code, failed.json.error.code]).toEqual([3, 'evals_failed']);
  });

  test('key: made once, listed without the secret, revoked', async () => {
    const made = await myriad<{ secret: string; key: { id: string } }>(
      'key',
      'create',
      'orders service',
      '--scopes',
      'kpi:write',
      '--days',
      '90',
    );
    expect(made.json.secret).toMatch(/^myr_/);
    const listed = await myriad('key', 'list');
    expect(listed.out).toContain('orders service');
    expect(listed.out).not.toContain(made.json.secret);
    expect((await myriad('key', 'revoke', made.json.key.id)).code).toBe(0);
  });

  test('kpi: one event by options, many from a file; bad ones are named', async () => {
    expect(
      (await myriad('kpi', 'send', '--id', 'e1', '--kpi', 'csat', '--unit', 'u1', '--value', '4')).json,
    ).toMatchObject({ accepted: 1, duplicates: 0 });
    writeFileSync(
      join(cwd, 'events.ndjson'),
      [
        { id: 'e1', kpi: 'csat', unit: 'u1', value: 4, time: Date.now() },
        { id: 'e2', kpi: 'csat', unit: 'u2', value: 5, time: Date.now() },
        { id: 'e3', kpi: 'csat', unit: 'u2', value: 'five', time: Date.now() },
      ]
        .map((event) => JSON.stringify(event))
        .join('\n'),
    );
    const sent = await myriad<{ rejected: { index: number }[] }>('kpi', 'send', 'events.ndjson');
    expect(sent.json).toMatchObject({ accepted: 1, duplicates: 1, rejected: [{ index: 2, code: 'invalid_value' }] });
    expect(sent.code).toBe(5);
  });

  test('model: listed with its price, tested with a real call', async () => {
    const listed = await runCommand(['model', 'list', '--data', node.data], { cwd });
    expect(listed.out).toMatch(/myriad\/extract-1.*free/);
    const tested = await myriad<{ ok: boolean }>('model', 'test', 'myriad/extract-1');
    expect([tested.code, tested.json.ok]).toEqual([0, true]);
  });

  test('run: the list and the trace of one', async () => {
    const runs = await myriad<{ items: { id: string }[] }>('run', 'list', '--app', 'policy-desk', '--limit', '5');
    const shown = await runCommand(['run', 'show', runs.json.items[0]?.id as string, '--data', node.data], { cwd });
    expect(shown.out).toContain('policy-desk');
    expect(shown.out).toMatch(/why this model/);
    expect(shown.out).not.toContain('opened food');
  });

  test('doctor finds the running node and the whole audit chain', async () => {
    const found = await myriad<{ check: string; state: string }[]>('doctor');
    expect(found.code).toBe(0);
    expect(found.json.find(({ check }) => check === 'audit chain')).toMatchObject({ state: 'good' });
  });

  test('backup while serving; the copy restored elsewhere holds the same', async () => {
    const copy = join(emptyFolder('backup'), 'copy');
    expect((await myriad('backup', copy)).code).toBe(0);
    const elsewhere = join(emptyFolder('restored'), 'data');
    const restored = await runCommand(['restore', copy, '--data', elsewhere, '--json'], { cwd });
    expect(restored.err + restored.out).toContain('checksum');
    const runs = await runCommand(['run', 'list', '--data', elsewhere, '--json', '--limit', '100'], { cwd });
    const here = await myriad<{ items: { id: string }[] }>('run', 'list', '--limit', '100');
    expect((JSON.parse(runs.out) as typeof here.json).items.map(({ id }) => id)).toEqual(
      here.json.items.map(({ id }) => id),
    );
  });
});

describe('on an idle data folder', () => {
  test('a command starts what it needs, answers, and leaves nothing running', async () => {
    const data = emptyFolder();
    const made = await runCommand(['key', 'create', 'first', '--data', data, '--json'], { cwd });
    expect(made.code).toBe(0);
    const listed = await runCommand(['key', 'list', '--data', data, '--json'], { cwd });
    expect(JSON.parse(listed.out)).toHaveLength(1);
  });
});

describe('wrongly', () => {
  test('an unknown command and a missing argument end with 2 and say what there is', async () => {
    const unknown = await runCommand(['dance']);
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining("unknown command 'dance'")]);
    const missing = await runCommand(['key', 'create']);
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining("missing required argument 'name'")]);
  });
  test('every command has help with an example', async () => {
    const help = await runCommand(['--help']);
    expect(help.code).toBe(0);
    for (const line of [['key', 'create'], ['app', 'publish'], ['knowledge', 'add'], ['backup'], ['up']]) {
      const { out } = await runCommand([...line, '--help']);
      expect(out).toMatch(/Example:\n {2}\S+/);
    }
  });
  test('a wrong setting is named with its source; config show says where values come from', async () => {
    const wrong = await runCommand(['config', 'show'], { cwd, environment: { MYRIAD_PORT: 'soon' } });
    expect([wrong.code, wrong.err]).toEqual([2, expect.stringContaining('MYRIAD_PORT: expected a number')]);
    const shown = await runCommand(['config', 'show', '--json'], { cwd, environment: { MYRIAD_PORT: '9000' } });
    const { entries } = JSON.parse(shown.out) as { entries: { path: string; value: unknown; source: string }[] };
    expect(entries.find(({ path }) => path === 'port')).toMatchObject({ value: 9000, source: 'environment' });
  });
});
