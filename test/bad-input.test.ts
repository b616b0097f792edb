/** What people and programs send by mistake or malice, and what the machine may do to us. Each has a clear error. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, createKey } from './support/operator.ts';
import { emptyFolder, type RunningNode, runCommand, startNode } from './support/start-node.ts';

let node: RunningNode;
let key: string;

beforeAll(async () => {
  node = await startNode({ environment: { MYRIAD_LIMITS_BODY_BYTES: '200000' } });
  key = await createKey(node);
});
afterAll(() => node?.stop());

interface OpenAiError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: string;
    readonly param: string | null;
  };
}

const chat = (raw: BodyInit, headers: Record<string, string> = {}) =>
  call<OpenAiError>(node, 'POST /v1/chat/completions', {
    key,
    raw,
    headers: { 'content-type': 'application/json', ...headers },
  });

describe("on OpenAI's routes, in OpenAI's shape", () => {
  test('malformed JSON', async () => {
    const answer = await chat('{"model": ');
    expect([answer.status, answer.body.error]).toEqual([
      400,
      expect.objectContaining({ code: 'malformed_json', type: 'invalid_request_error' }),
    ]);
    expect((await chat('')).body.error.code).toBe('malformed_json');
  });
  test('a wrong type names the parameter', async () => {
    const answer = await chat(JSON.stringify({ model: 'app:assistant', messages: 'hello' }));
    expect([answer.status, answer.body.error.param]).toEqual([400, 'messages']);
  });
  test('an unknown model, an unknown app', async () => {
    for (const model of ['gpt-99', 'app:nobody']) {
      const answer = await chat(JSON.stringify({ model, messages: [{ role: 'user', content: 'x' }] }));
      expect([model, answer.status]).toEqual([model, 404]);
      expect(answer.body.error.code).toMatch(/model_not_found|app_not_found/);
      expect(answer.headers.get('x-request-id')).toBeTruthy();
    }
  });
  test('a body past the limit, also when it only gets large by decompression', async () => {
    const large = JSON.stringify({
      model: 'app:assistant',
      messages: [{ role: 'user', content: 'x'.repeat(300_000) }],
    });
    expect((await chat(large)).status).toBe(413);
    const bomb = gzipSync(large);
    expect(bomb.length).toBeLessThan(2_000);
    const answer = await chat(bomb as unknown as BodyInit, { 'content-encoding': 'gzip' });
    expect([answer.status, answer.body.error.code]).toEqual([413, 'body_too_large']);
  });
  test('broken compression and an unknown encoding', async () => {
    expect((await chat('not gzip', { 'content-encoding': 'gzip' })).status).toBe(400);
    expect((await chat('x', { 'content-encoding': 'lzma' })).status).toBe(415);
  });
  test('a compressed body that is good is read', async () => {
    const answer = await chat(
      gzipSync(
        JSON.stringify({ model: 'myriad/extract-1', messages: [{ role: 'user', content: 'hello' }] }),
      ) as unknown as BodyInit,
      { 'content-encoding': 'gzip' },
    );
    expect(answer.status).toBe(200);
  });
  test('a wrong method and an unknown path', async () => {
    expect((await call(node, 'GET /v1/chat/completions', { key })).status).toBe(405);
    expect((await call(node, 'POST /v1/nothing', { key, body: {} })).status).toBe(404);
  });
  test('a revoked key ends at once', async () => {
    const made = await call<{ secret: string; key: { id: string } }>(node, 'POST /api/keys', {
      body: { name: 'short' },
    });
    expect((await call(node, 'GET /v1/models', { key: made.body.secret })).status).toBe(200);
    await call(node, `DELETE /api/keys/${made.body.key.id}`);
    const answer = await call<OpenAiError>(node, 'GET /v1/models', { key: made.body.secret });
    expect([answer.status, answer.body.error.code]).toEqual([401, 'unauthenticated']);
  });
  test('a key past its day is refused', async () => {
    const made = await call<{ secret: string }>(node, 'POST /api/keys', {
      body: { name: 'old', expiresAt: Date.now() + 300 },
    });
    await new Promise((wake) => setTimeout(wake, 400));
    expect((await call(node, 'GET /v1/models', { key: made.body.secret })).status).toBe(401);
  });
});

describe('on the control plane, as problem+json', () => {
  test('malformed JSON, an unknown field, a wrong value', async () => {
    const broken = await call<{ code: string }>(node, 'POST /api/keys', {
      raw: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect([broken.status, broken.body.code, broken.headers.get('content-type')]).toEqual([
      400,
      'malformed_json',
      'application/problem+json; charset=utf-8',
    ]);
    const unknown = await call<{ code: string; detail: string }>(node, 'POST /api/keys', {
      body: { name: 'x', colour: 'red' },
    });
    expect(unknown.body).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining('colour') });
    const wrong = await call<{ code: string; detail: string }>(node, 'POST /api/invites', {
      body: { role: 'emperor' },
    });
    expect(wrong.body).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining('role') });
    expect((await call(node, 'GET /api/runs?limit=100000')).status).toBe(400);
    expect((await call(node, 'GET /api/runs?cursor=nonsense')).status).toBe(400);
    expect((await call(node, 'PUT /api/groups/a%20b', { body: { members: [] } })).status).toBe(400);
  });
  test('a wrong manifest says line, column, field, what was expected, and what was meant', async () => {
    const answer = await call<{
      issues: { line: number; column: number; field: string; didYouMean: string | null; expected: string | null }[];
    }>(node, 'POST /api/apps/validate', {
      body: { source: 'kind: App\nname: x\ndescription: y\ninstrctions: z\nmodel:\n  capabilities: [toolz]\n' },
    });
    expect(answer.body.issues).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ line: 4, didYouMean: 'instructions' }),
        expect.objectContaining({ line: 6, field: expect.stringContaining('model.capabilities'), didYouMean: 'tools' }),
      ]),
    );
    const published = await call<{ code: string }>(node, 'POST /api/apps', { body: { source: 'kind: [App' } });
    expect([published.status, published.body.code]).toEqual([422, 'manifest_invalid']);
  });
  test('KPI events: good ones are kept, bad ones are named by index, ids count once', async () => {
    const event = { kpi: 'csat', unit: 'u1', value: 1, time: Date.now() };
    const answer = await call(node, 'POST /v1/kpi/events', {
      key,
      body: [{ ...event, id: 'a' }, { ...event, id: 'a' }, { ...event, id: 'b', value: 'many' }, 7],
    });
    expect(answer.body).toMatchObject({
      accepted: 1,
      duplicates: 1,
      rejected: [
        { index: 2, code: 'invalid_value' },
        { index: 3, code: 'invalid_event' },
      ],
    });
    const lines = await call(node, 'POST /v1/kpi/events', {
      key,
      raw: `${JSON.stringify({ ...event, id: 'c' })}\nnot json\n${JSON.stringify({ ...event, id: 'a' })}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    });
    expect(lines.body).toMatchObject({ accepted: 1, duplicates: 1, rejected: [{ index: 1, code: 'malformed_json' }] });
  });
  test('an upload that is too large, empty, or without a name', async () => {
    const made = await call<{ id: string }>(node, 'POST /api/collections', { body: { name: 'library:bad' } });
    const path = `/api/collections/${made.body.id}/documents`;
    expect((await call(node, `POST ${path}`, { raw: 'words', headers: { 'content-type': 'text/plain' } })).status).toBe(
      400,
    );
    const broken = await call<{ id: string }>(node, `POST ${path}?name=broken.pdf`, {
      raw: '%PDF-1.4 nothing more',
      headers: { 'content-type': 'application/pdf' },
    });
    await expect
      .poll(async () => (await call<{ status: string }>(node, `GET /api/documents/${broken.body.id}`)).body.status, {
        timeout: 20_000,
      })
      .toBe('failed');
    const failed = await call<{ reason: string }>(node, `GET /api/documents/${broken.body.id}`);
    expect(failed.body.reason.length).toBeGreaterThan(10);
  });
});

describe('the machine', () => {
  test('the port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const ended = await runCommand(['up', '--port', String(port), '--data', emptyFolder()]);
    server.close();
    expect([ended.code, ended.err]).toEqual([1, expect.stringContaining(`Port ${port} on 127.0.0.1 is taken`)]);
  });
  test('a second process on the same data folder is refused, and the first goes on', async () => {
    const ended = await runCommand(['up', '--port', '0', '--data', node.data]);
    expect([ended.code, ended.err]).toEqual([1, expect.stringMatching(/data folder .* is used by process \d+/)]);
    expect((await call(node, 'GET /v1/models', { key })).status).toBe(200);
  });
  test('a data folder that cannot be made', async () => {
    const file = join(emptyFolder(), 'file');
    writeFileSync(file, 'x');
    const ended = await runCommand(['up', '--port', '0', '--data', join(file, 'data')]);
    expect([ended.code, ended.err]).toEqual([1, expect.stringContaining('cannot be made')]);
  });
  test.runIf(process.getuid?.() !== 0)('a data folder that cannot be written', async () => {
    const data = emptyFolder();
    mkdirSync(join(data, 'inner'));
    chmodSync(data, 0o500);
    const ended = await runCommand(['up', '--port', '0', '--data', data], { cwd: '/' });
    expect([ended.code, ended.err]).toEqual([1, expect.stringMatching(/cannot be written|read-only/i)]);
  });
});
