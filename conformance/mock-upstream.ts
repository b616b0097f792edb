/**
 * A model server that misbehaves on demand, in OpenAI's dialect (`/v1/chat/completions`, `/v1/audio/transcriptions`) and
 * Anthropic's (`/v1/messages`). What it does is named by the last user message (`case:<name>`, or `case:<name>.<nonce>`
 * for a script with a memory), so that it works behind any gateway that routes a model to it. It remembers every request.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { chatScripts } from './scripts/chat.ts';
import { type Json, type MockCall, type Script, says } from './scripts/frames.ts';
import { messagesScripts } from './scripts/messages.ts';
import { troubleScripts } from './scripts/trouble.ts';

export { bigText, type MockCall, plainWords, usage, utf8Text } from './scripts/frames.ts';

export interface MockUpstream {
  readonly url: string;
  readonly calls: MockCall[];
  close(): Promise<void>;
}

/** @param port 0 for any free one. */
export async function startMockUpstream(port = 0): Promise<MockUpstream> {
  const calls: MockCall[] = [];
  const served = new WeakMap<Socket, number>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ object: 'list', data: [{ id: 'mock', object: 'model' }] }));
        return;
      }
      const bytes = Buffer.concat(parts);
      const before = served.get(request.socket) ?? 0;
      served.set(request.socket, before + 1);
      const path = (request.url ?? '').split('?')[0] ?? '';
      const body = bodyOf(bytes);
      const [, script = 'plain', nonce = ''] = /case:([\w-]+)(?:\.(\w+))?/.exec(lastWords(body)) ?? [];
      const call: MockCall = {
        script,
        nonce,
        path,
        body,
        bytes,
        headers: request.headers,
        at: Date.now(),
        served: before,
        abortedAt: null,
      };
      calls.push(call);
      response.once('close', () => {
        if (!response.writableFinished) call.abortedAt = Date.now();
      });
      void scriptOf(call)(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function scriptOf({ script, path }: MockCall): Script {
  if (path.endsWith('/messages')) return messagesScripts[script] ?? (messagesScripts.plain as Script);
  if (path.includes('/audio/')) return transcribed;
  return chatScripts[script] ?? troubleScripts[script] ?? says(['Hello.']);
}

function transcribed(_: MockCall, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text: 'One two three.' }));
}

function bodyOf(bytes: Buffer): Json {
  try {
    return JSON.parse(bytes.toString()) as Json;
  } catch {
    return {};
  }
}

/** The last message that the user wrote; a script stays the same when results of tools follow. */
function lastWords(body: Json): string {
  const messages = (body.messages as Json[] | undefined) ?? [];
  const named = messages.map((message) => JSON.stringify(message)).filter((text) => text.includes('case:'));
  return named.at(-1) ?? '';
}
