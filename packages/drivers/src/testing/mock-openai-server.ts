/** A small OpenAI-compatible model server on loopback, for end-to-end tests of other rooms. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { fakeVector } from '../fake/fake-vector.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';

/** A chat request as it came, parsed. */
export interface MockChatBody {
  readonly model: string;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly messages: readonly { readonly role: string; readonly content: unknown; readonly tool_call_id?: string }[];
  readonly tools?: readonly unknown[];
  readonly [field: string]: unknown;
}

export interface MockChatReply {
  readonly text?: string;
  readonly reasoning?: string;
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly finishReason?: string;
  readonly usage?: Readonly<Record<string, unknown>> | null;
  /** Milliseconds before the first token and between tokens. */
  readonly firstTokenMs?: number;
  readonly tokenMs?: number;
  /** Answers with this status and error instead. */
  readonly error?: {
    readonly status: number;
    readonly code?: string;
    readonly message?: string;
    readonly retryAfterSeconds?: number;
  };
  /** After this many tokens of a stream: cut the connection, fall silent, or send an error event. */
  readonly breakAfter?: { readonly tokens: number; readonly how: 'cut' | 'stall' | 'error' };
}

export interface MockOpenAiServer {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly port: number;
  readonly requests: readonly {
    readonly path: string;
    readonly authorization: string | null;
    readonly body: unknown;
  }[];
  /** Calls in flight now, and the most there ever were. */
  readonly inFlight: number;
  readonly peakInFlight: number;
  /** Calls whose client left before the end. */
  readonly abandoned: number;
  /** Changes what it answers from now on. */
  reply(reply: MockChatReply | ((body: MockChatBody, call: number) => MockChatReply)): void;
  close(): Promise<void>;
}

export interface MockOpenAiOptions {
  readonly port?: number;
  readonly models?: readonly string[];
  /** Refuses any other key with 401. */
  readonly apiKey?: string;
  /** `owned_by` of its models: `vllm`, `llamacpp`, `library` (Ollama), `organization_owner` (LM Studio). */
  readonly ownedBy?: string;
  readonly reply?: MockChatReply | ((body: MockChatBody, call: number) => MockChatReply);
  readonly embeddingDimensions?: number;
}

/** Unless told otherwise it answers `You said: …`, word by word, with usage counted by our own estimate. */
export async function mockOpenAiServer(options: MockOpenAiOptions = {}): Promise<MockOpenAiServer> {
  let decide = options.reply ?? ((body: MockChatBody): MockChatReply => ({ text: `You said: ${wordsOf(body)}` }));
  const requests: { path: string; authorization: string | null; body: unknown }[] = [];
  const sockets = new Set<Socket>();
  const count = { calls: 0, inFlight: 0, peak: 0, abandoned: 0 };
  const models = options.models ?? ['mock-model'];

  const server = createServer((incoming, response) => {
    void handle(incoming, response).catch(() => response.destroy());
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (incoming.url ?? '').split('?')[0] ?? '';
    const text = await bodyOf(incoming);
    const authorization = incoming.headers.authorization ?? null;
    const body = parse(text);
    requests.push({ path, authorization, body });
    if (options.apiKey !== undefined && authorization !== `Bearer ${options.apiKey}`)
      return refuse(response, { status: 401, code: 'invalid_api_key', message: 'Incorrect API key provided.' });
    if (path === '/v1/models')
      return json(response, 200, {
        object: 'list',
        data: models.map((id) => ({ id, object: 'model', created: 0, owned_by: options.ownedBy ?? 'mock' })),
      });
    if (body === undefined) return refuse(response, { status: 400, message: 'The body is not valid JSON.' });
    if (path === '/v1/embeddings')
      return embeddings(response, body as { model: string; input: string | string[]; dimensions?: number });
    if (path === '/v1/chat/completions') return chat(response, body as MockChatBody);
    return refuse(response, { status: 404, code: 'not_found', message: `No route ${path}.` });
  }

  async function chat(response: ServerResponse, body: MockChatBody): Promise<void> {
    if (!models.includes(body.model))
      return refuse(response, {
        status: 404,
        code: 'model_not_found',
        message: `The model ${body.model} does not exist.`,
      });
    const reply = typeof decide === 'function' ? decide(body, count.calls) : decide;
    count.calls += 1;
    count.inFlight += 1;
    count.peak = Math.max(count.peak, count.inFlight);
    let over = false;
    response.on('close', () => {
      count.inFlight -= 1;
      if (!over) count.abandoned += 1;
    });
    if (reply.firstTokenMs) await sleep(reply.firstTokenMs);
    if (reply.error) {
      over = true;
      return refuse(response, reply.error);
    }
    const answer = answerOf(reply, body, count.calls);
    if (body.stream) await stream(response, reply, answer, body);
    else json(response, 200, answer.whole);
    over = !reply.breakAfter;
  }

  function embeddings(
    response: ServerResponse,
    body: { model: string; input: string | string[]; dimensions?: number },
  ): void {
    const inputs = Array.isArray(body.input) ? body.input : [body.input];
    const tokens = inputs.reduce((sum, text) => sum + estimateTokens(text), 0);
    json(response, 200, {
      object: 'list',
      model: body.model,
      data: inputs.map((text, index) => ({
        object: 'embedding',
        index,
        embedding: fakeVector(text, body.dimensions ?? options.embeddingDimensions ?? 64),
      })),
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    });
  }

  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const port = (server.address() as AddressInfo).port;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    port,
    requests,
    get inFlight() {
      return count.inFlight;
    },
    get peakInFlight() {
      return count.peak;
    },
    get abandoned() {
      return count.abandoned;
    },
    reply(next) {
      decide = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Answer {
  readonly head: Readonly<Record<string, unknown>>;
  readonly tokens: readonly string[];
  readonly finish: string;
  readonly usage: Readonly<Record<string, unknown>> | null;
  readonly whole: unknown;
}

function answerOf(reply: MockChatReply, body: MockChatBody, number: number): Answer {
  const head = { id: `chatcmpl-mock-${number}`, created: 1_700_000_000, model: body.model };
  const text = reply.text ?? '';
  const finish = reply.finishReason ?? (reply.toolCalls?.length ? 'tool_calls' : 'stop');
  const input = estimateTokens(JSON.stringify(body.messages));
  const output = estimateTokens(text) + estimateTokens(reply.reasoning ?? '');
  const usage =
    reply.usage === undefined
      ? { prompt_tokens: input, completion_tokens: output, total_tokens: input + output }
      : reply.usage;
  const message = {
    role: 'assistant',
    content: text === '' && reply.toolCalls ? null : text,
    ...(reply.reasoning ? { reasoning_content: reply.reasoning } : {}),
    ...(reply.toolCalls ? { tool_calls: reply.toolCalls.map(wireCall) } : {}),
  };
  const choices = [{ index: 0, message, finish_reason: finish }];
  return {
    head,
    tokens: text.match(/\s*\S+\s*?/g) ?? [],
    finish,
    usage,
    whole: { ...head, object: 'chat.completion', choices, ...(usage ? { usage } : {}) },
  };
}

async function stream(
  response: ServerResponse,
  reply: MockChatReply,
  answer: Answer,
  body: MockChatBody,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  const write = (payload: unknown) => {
    if (!response.destroyed)
      response.write(`data: ${typeof payload === 'string' ? payload : JSON.stringify(payload)}\n\n`);
  };
  const chunk = (delta: unknown, finish: string | null = null) =>
    write({ ...answer.head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] });
  chunk({ role: 'assistant', content: '' });
  if (reply.reasoning) chunk({ reasoning_content: reply.reasoning });
  let sent = 0;
  for (const token of answer.tokens) {
    if (reply.breakAfter && sent >= reply.breakAfter.tokens) break;
    if (reply.tokenMs && sent > 0) await sleep(reply.tokenMs);
    if (response.destroyed) return;
    chunk({ content: token });
    sent += 1;
  }
  if (reply.breakAfter) {
    await new Promise((resolve) => setImmediate(resolve));
    if (reply.breakAfter.how === 'cut') response.socket?.destroy();
    if (reply.breakAfter.how !== 'error') return;
    write({
      error: { message: 'The server had an error while processing your request.', type: 'server_error', code: null },
    });
    response.end();
    return;
  }
  (reply.toolCalls ?? []).forEach((call, index) => {
    chunk({ tool_calls: [{ index, ...wireCall(call) }] });
  });
  chunk({}, answer.finish);
  if (body.stream_options?.include_usage && answer.usage)
    write({ ...answer.head, object: 'chat.completion.chunk', choices: [], usage: answer.usage });
  write('[DONE]');
  response.end();
}

function wireCall(call: { readonly id: string; readonly name: string; readonly arguments: string }) {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } };
}

function wordsOf(body: MockChatBody): string {
  const content = body.messages.findLast((message) => message.role === 'user')?.content;
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part: { text?: string }) => part.text ?? '').join('') : '';
}

function refuse(response: ServerResponse, error: NonNullable<MockChatReply['error']>): void {
  json(
    response,
    error.status,
    {
      error: { message: error.message ?? `Mock error ${error.status}.`, type: 'mock_error', code: error.code ?? null },
    },
    error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) },
  );
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}
