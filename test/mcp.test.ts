/** Apps as MCP tools and resources, met by the official SDK's client, and by hand in the stateless revision. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { becomeOwner, call, createForeignKey, createKey, type Session } from './support/operator.ts';
import { type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream, upstreamUsage, upstreamWords } from './support/upstream.ts';

let node: RunningNode;
let upstream: Upstream;
let owner: Session;
let key: string;
let strangerKey: string;
let client: Client;

const price = {
  currency: 'USD',
  inputMicrosPerMillion: 3_000_000,
  outputMicrosPerMillion: 15_000_000,
  source: 'test',
  date: '2026-01-01',
};
const costMicros = upstreamUsage.prompt_tokens * 3 + upstreamUsage.completion_tokens * 15;
const text = upstreamWords.join('');
const manifest = (name: string, more = '') =>
  `kind: App\nname: ${name}\ndescription: {en: Writes things., zh: 写东西。}\ninstructions: The secret words.\nmodel: {capabilities: [generate]}\nexpose: [mcp]\n${more}`;

interface Structured {
  readonly text: string;
  readonly citations: readonly unknown[];
  readonly run_id: string;
  readonly cost: { readonly micros: number; readonly currency: string };
}

async function connect(secret: string, language = 'en'): Promise<Client> {
  const made = new Client({ name: 'test', version: '1' });
  await made.connect(
    new StreamableHTTPClientTransport(new URL(`${node.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${secret}`, 'accept-language': language } },
    }) as Parameters<Client['connect']>[0],
  );
  return made;
}

async function publish(source: string): Promise<void> {
  const { body } = await call<{ app: { name: string } }>(node, 'POST /api/apps', { body: { source } });
  const answer = await call(node, `POST /api/apps/${body.app.name}/publish`, { body: {} });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

async function attach(name: string, capabilities: readonly string[]): Promise<void> {
  const answer = await call(node, 'POST /api/models', {
    body: { provider: 'vllm', model: name, name, baseUrl: `${upstream.url}/v1`, capabilities, key: 'sk-up', price },
  });
  expect(answer.status).toBe(201);
}

const runs = async () =>
  (await call<{ items: { id: string; surface: string; status: string; costMicros: number }[] }>(node, 'GET /api/runs'))
    .body.items;

beforeAll(async () => {
  upstream = await startUpstream();
  node = await startNode();
  owner = await becomeOwner(node);
  key = await createKey(node);
  await attach('scripted', ['chat', 'generate']);
  await attach('broken', ['chat', 'generate', 'vision']);
  await publish(manifest('writer', 'access: {use: [everyone]}\n'));
  await publish(manifest('board-writer', 'access: {use: ["group:board"]}\n'));
  await publish(
    manifest(
      'translator',
      'access: {use: [everyone]}\ninputs: {type: object, properties: {to: {type: string, enum: [en, zh]}}, required: [to]}\n',
    ),
  );
  await publish(manifest('breaker', '').replace('[generate]', '[vision]'));
  await publish(manifest('api-only').replace('[mcp]', '[api]'));
  strangerKey = await createForeignKey(node, owner, 'member');
  client = await connect(key);
});
afterAll(async () => {
  await client?.close();
  await node?.stop();
  await upstream?.close();
});

describe('the official client', () => {
  test('it agrees on 2025-11-25 and needs no session', () => {
    expect(client.getServerVersion()?.name).toBe('myriad');
    expect((client.transport as StreamableHTTPClientTransport).sessionId).toBeUndefined();
    expect((client.transport as StreamableHTTPClientTransport).protocolVersion).toBe('2025-11-25');
  });

  test('a tool for each app that is exposed to MCP, with its inputs beside the message', async () => {
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['assistant', 'writer', 'translator']));
    expect(names).not.toContain('api-only');
    const translator = tools.find(({ name }) => name === 'translator');
    expect(translator?.description).toBe('Writes things.');
    expect(translator?.inputSchema).toMatchObject({
      type: 'object',
      properties: { message: { type: 'string' }, to: { enum: ['en', 'zh'] } },
      required: ['message', 'to'],
    });
  });

  test('the description is in the language that the caller asks for', async () => {
    const chinese = await connect(key, 'zh-CN,zh;q=0.9');
    const { tools } = await chinese.listTools();
    expect(tools.find(({ name }) => name === 'writer')?.description).toBe('写东西。');
    await chinese.close();
  });

  test('a call is a governed run: text, run id and cost to the micro, and the ledger has it once', async () => {
    await client.listTools(); // the client checks structuredContent against the schema that it has seen
    const result = await client.callTool({ name: 'writer', arguments: { message: 'Write.' } });
    expect(result.content).toEqual([{ type: 'text', text }]);
    const structured = result.structuredContent as Structured;
    expect(structured).toMatchObject({ text, citations: [], cost: { micros: costMicros, currency: 'USD' } });
    const booked = (await runs()).filter(({ id }) => id === structured.run_id);
    expect(booked).toMatchObject([{ surface: 'mcp', status: 'ok', costMicros }]);
  });

  test('inputs reach the app and are checked by its schema', async () => {
    const good = await client.callTool({ name: 'translator', arguments: { message: 'Hello', to: 'zh' } });
    expect(good.isError ?? false).toBe(false);
    const bad = await client.callTool({ name: 'translator', arguments: { message: 'Hello', to: 'fr' } });
    expect(bad.isError).toBe(true);
    expect(JSON.stringify(bad.content)).toContain('to');
    const none = await client.callTool({ name: 'translator', arguments: { to: 'zh' } });
    expect(none).toMatchObject({ isError: true, _meta: { 'myriad.dev/error': { code: 'invalid_request' } } });
  });

  test('progress grows while the answer streams', async () => {
    const seen: number[] = [];
    const result = await client.callTool({ name: 'writer', arguments: { message: 'Write.' } }, undefined, {
      onprogress: ({ progress }) => seen.push(progress),
    });
    expect(result.content).toEqual([{ type: 'text', text }]);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen).toEqual([...new Set(seen)].sort((left, right) => left - right));
  });

  test('a run that fails upstream is a result that says why, not a broken connection', async () => {
    const failed = await client.callTool({ name: 'breaker', arguments: { message: 'Break.' } });
    expect(failed).toMatchObject({
      isError: true,
      _meta: {
        'myriad.dev/error': { code: 'upstream_error', retryable: true, run_id: expect.stringMatching(/^run_/) },
      },
    });
  });

  test('an unknown tool is an error of the protocol', async () => {
    await expect(client.callTool({ name: 'nothing', arguments: { message: 'x' } })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('Unknown tool'),
    });
  });

  test('each app is a resource of public facts: never its instructions', async () => {
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toContain('myriad://apps/writer');
    const { contents } = await client.readResource({ uri: 'myriad://apps/writer' });
    const facts = (contents[0] as { text: string }).text;
    expect(JSON.parse(facts)).toMatchObject({ name: 'writer', version_number: 1, capabilities: ['generate'] });
    expect(facts).not.toContain('secret words');
    expect((await client.listResourceTemplates()).resourceTemplates[0]?.uriTemplate).toBe('myriad://apps/{name}');
    await expect(client.readResource({ uri: 'myriad://apps/nothing' })).rejects.toMatchObject({ code: -32002 });
  });

  test('an app that is not theirs does not exist: not listed, not called, not read', async () => {
    const stranger = await connect(strangerKey);
    const { tools } = await stranger.listTools();
    expect(tools.map(({ name }) => name)).toContain('writer');
    expect(tools.map(({ name }) => name)).not.toContain('board-writer');
    await expect(stranger.callTool({ name: 'board-writer', arguments: { message: 'x' } })).rejects.toMatchObject({
      code: -32602,
    });
    await expect(stranger.readResource({ uri: 'myriad://apps/board-writer' })).rejects.toMatchObject({ code: -32002 });
    await stranger.close();
    const operator = await connect(node.operatorToken);
    expect((await operator.listTools()).tools.map(({ name }) => name)).toContain('board-writer');
    await operator.close();
  });

  test('a wrong key is refused with 401', async () => {
    await expect(connect('myr_wrong')).rejects.toThrow(/401|Unauthorized|key/i);
  });
});

test('lists are paged by cursor, each app once', async () => {
  for (let at = 0; at < 60; at += 1) await publish(manifest(`many-${at}`, 'access: {use: [everyone]}\n'));
  const seen: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await client.listTools(cursor ? { cursor } : {});
    seen.push(...page.tools.map(({ name }) => name));
    cursor = page.nextCursor;
    pages += 1;
  } while (cursor);
  expect(pages).toBeGreaterThan(1);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.filter((name) => name.startsWith('many-'))).toHaveLength(60);
  await expect(client.listTools({ cursor: 'nonsense' })).rejects.toMatchObject({ code: -32602 });
});

describe('the stateless revision 2026-07-28', () => {
  interface Rpc {
    readonly result?: Record<string, unknown>;
    readonly error?: { readonly code: number; readonly data?: Record<string, unknown> };
  }
  const meta = (version = '2026-07-28', more: object = {}) => ({
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
    ...more,
  });
  const ask = (method: string, params: Record<string, unknown> = {}, headers: Record<string, string> = {}) =>
    call<Rpc>(node, 'POST /mcp', {
      key,
      headers: {
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        ...(typeof params.name === 'string' ? { 'mcp-name': params.name } : {}),
        ...headers,
      },
      body: { jsonrpc: '2.0', id: 1, method, params: { _meta: meta(), ...params } },
    });

  test('server/discover names both eras', async () => {
    const { status, body } = await ask('server/discover');
    expect(status).toBe(200);
    expect(body.result).toMatchObject({
      resultType: 'complete',
      supportedVersions: expect.arrayContaining(['2026-07-28', '2025-11-25']),
      capabilities: { tools: {}, resources: {} },
      ttlMs: expect.any(Number),
      cacheScope: 'public',
    });
  });

  test('a tool is called without any handshake, plain and with progress', async () => {
    const plain = await ask('tools/call', { name: 'writer', arguments: { message: 'Write.' } });
    expect(plain.body.result).toMatchObject({ resultType: 'complete', structuredContent: { text } });
    const streamed = await ask('tools/call', {
      name: 'writer',
      arguments: { message: 'Write.' },
      _meta: meta('2026-07-28', { progressToken: 'p' }),
    });
    const frames = String(streamed.body)
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)) as { method?: string; result?: { structuredContent: Structured } });
    expect(frames[0]).toMatchObject({ method: 'notifications/progress', params: { progressToken: 'p' } });
    expect(frames.at(-1)?.result?.structuredContent.text).toBe(text);
  });

  test('lists carry how long they may be kept, and by whom', async () => {
    expect((await ask('tools/list')).body.result).toMatchObject({ cacheScope: 'private', resultType: 'complete' });
  });

  test.each([
    ['a header that says another method', 'tools/list', {}, { 'mcp-method': 'tools/call' }, 400, -32020],
    ['a header that names another tool', 'tools/call', { name: 'writer' }, { 'mcp-name': 'assistant' }, 400, -32020],
    ['an unknown method', 'tools/destroy', {}, {}, 404, -32601],
    [
      'no capabilities',
      'tools/list',
      { _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' } },
      {},
      400,
      -32602,
    ],
    ['a version of the future', 'tools/list', { _meta: meta('2031-01-01') }, {}, 400, -32022],
    ['an unknown tool', 'tools/call', { name: 'nothing' }, {}, 400, -32602],
  ])('%s is refused', async (_, method, params, headers, status, code) => {
    const answer = await ask(method, params, headers as Record<string, string>);
    expect([answer.status, answer.body.error?.code]).toEqual([status, code]);
    if (code === -32022) expect(answer.body.error?.data).toMatchObject({ requested: '2031-01-01' });
  });

  test('GET and DELETE are answered 405, another site 403, broken JSON −32700', async () => {
    expect((await call(node, 'GET /mcp', { key })).status).toBe(405);
    expect((await call(node, 'DELETE /mcp', { key })).status).toBe(405);
    expect((await ask('tools/list', {}, { origin: 'https://evil.example' })).status).toBe(403);
    const broken = await call<Rpc>(node, 'POST /mcp', {
      key,
      raw: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect([broken.status, broken.body.error?.code]).toEqual([400, -32700]);
  });
});
