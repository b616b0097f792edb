/**
 * Runs a GGUF file with the optional package `node-llama-cpp` as a process of its own, speaking as much of llama-server's
 * dialect as the house needs: `/health` and `/v1/chat/completions`, text only, one answer at a time.
 *
 * Called as `node node-llama-server.ts <package entry> <file> <name> <port> <context tokens>`, the bearer token in
 * `LLAMA_API_KEY`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { readEnvironment } from '../read-environment.ts';

/** The little of the package that is used; read from its types at version 3.22. */
interface NodeLlama {
  getLlama(): Promise<{
    loadModel(options: { modelPath: string }): Promise<{
      createContext(options: { contextSize: number }): Promise<{ getSequence(): Sequence }>;
    }>;
  }>;
  LlamaChatSession: new (options: { contextSequence: Sequence; systemPrompt: string }) => Session;
}
interface Sequence {
  readonly tokenMeter: {
    getState(): object;
    diff(before: object): { usedInputTokens: number; usedOutputTokens: number };
  };
  clearHistory(): Promise<void>;
}
interface Session {
  setChatHistory(history: readonly object[]): void;
  promptWithMeta(
    text: string,
    options: {
      signal: AbortSignal;
      stopOnAbortSignal: boolean;
      onTextChunk: (text: string) => void;
      maxTokens?: number;
      temperature?: number;
      topP?: number;
    },
  ): Promise<{ responseText: string; stopReason: string }>;
  dispose(options: { disposeSequence: boolean }): void;
}

const part = z.object({ type: z.literal('text'), text: z.string() });
const bodySchema = z.object({
  messages: z
    .array(
      z.object({
        role: z.enum(['system', 'developer', 'user', 'assistant']),
        content: z.union([z.string(), z.array(part).transform((parts) => parts.map(({ text }) => text).join(''))]),
      }),
    )
    .min(1),
  stream: z.boolean().default(false),
  max_tokens: z.int().min(1).optional(),
  max_completion_tokens: z.int().min(1).optional(),
  temperature: z.number().optional(),
  top_p: z.number().optional(),
});

const [entry, file, name, port, contextTokens] = process.argv.slice(2) as [string, string, string, string, string];
const key = readEnvironment().LLAMA_API_KEY;
let ready: { readonly library: NodeLlama; readonly sequence: Sequence } | null = null;
let turn: Promise<unknown> = Promise.resolve();

createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    if (response.headersSent) response.destroy();
    else sendError(response, 500, error instanceof Error ? error.message : String(error), 'server_error');
  });
}).listen(Number(port), '127.0.0.1');
load().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

async function load(): Promise<void> {
  const library = (await import(pathToFileURL(entry).href)) as NodeLlama;
  const llama = await library.getLlama();
  const model = await llama.loadModel({ modelPath: file });
  const context = await model.createContext({ contextSize: Number(contextTokens) });
  ready = { library, sequence: context.getSequence() };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!ready) return sendError(response, 503, 'Loading model', 'unavailable_error');
  if (request.url === '/health') return send(response, 200, { status: 'ok' });
  if (request.headers.authorization !== `Bearer ${key}`)
    return sendError(response, 401, 'Invalid API key', 'authentication_error');
  if (request.url === '/v1/models')
    return send(response, 200, { object: 'list', data: [{ id: name, object: 'model' }] });
  if (request.method !== 'POST' || request.url !== '/v1/chat/completions')
    return sendError(response, 404, 'Not found', 'not_found_error');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const parsed = bodySchema.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  if (!parsed.success)
    return sendError(response, 400, parsed.error.issues[0]?.message ?? 'Bad body', 'invalid_request_error');
  const mine = turn.then(() => complete(parsed.data, response));
  turn = mine.catch(() => {});
  return mine;
}

async function complete(body: z.infer<typeof bodySchema>, response: ServerResponse): Promise<void> {
  if (!ready || response.destroyed) return;
  const { library, sequence } = ready;
  const aborted = new AbortController();
  response.once('close', () => aborted.abort());
  await sequence.clearHistory();
  const before = sequence.tokenMeter.getState();
  const history = body.messages.map(({ role, content }) =>
    role === 'assistant'
      ? { type: 'model', response: [content] }
      : { type: role === 'user' ? 'user' : 'system', text: content },
  );
  const last = body.messages.at(-1);
  const session = new library.LlamaChatSession({ contextSequence: sequence, systemPrompt: '' });
  session.setChatHistory(last?.role === 'user' ? history.slice(0, -1) : history);
  const common = { id: `chatcmpl-${Date.now()}`, created: Math.floor(Date.now() / 1000), model: name };
  const frame = (value: object) =>
    response.write(`data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', ...value })}\n\n`);
  const delta = (content: object, finish: string | null) =>
    frame({ choices: [{ index: 0, delta: content, finish_reason: finish }] });
  if (body.stream) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    delta({ role: 'assistant', content: '' }, null);
  }
  const maxTokens = body.max_completion_tokens ?? body.max_tokens;
  try {
    const { responseText, stopReason } = await session.promptWithMeta(last?.role === 'user' ? last.content : '', {
      signal: aborted.signal,
      stopOnAbortSignal: true,
      onTextChunk: (text) => body.stream && delta({ content: text }, null),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(body.temperature === undefined ? {} : { temperature: body.temperature }),
      ...(body.top_p === undefined ? {} : { topP: body.top_p }),
    });
    const used = sequence.tokenMeter.diff(before);
    const usage = {
      prompt_tokens: used.usedInputTokens,
      completion_tokens: used.usedOutputTokens,
      total_tokens: used.usedInputTokens + used.usedOutputTokens,
    };
    const finish = stopReason === 'maxTokens' ? 'length' : 'stop';
    if (!body.stream)
      return send(response, 200, {
        ...common,
        object: 'chat.completion',
        choices: [{ index: 0, message: { role: 'assistant', content: responseText }, finish_reason: finish }],
        usage,
      });
    delta({}, finish);
    frame({ choices: [], usage });
    response.end('data: [DONE]\n\n');
  } finally {
    session.dispose({ disposeSequence: false });
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function sendError(response: ServerResponse, status: number, message: string, type: string): void {
  send(response, status, { error: { code: status, message, type } });
}
