/** An OpenAI-compatible server that answers at once, as its own process: `node mock-upstream.ts`. Prints its port. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const words = Array.from({ length: 32 }, (_, index) => `word${index} `);
const whole = Buffer.from(
  JSON.stringify({
    id: 'chatcmpl-mock',
    object: 'chat.completion',
    created: 1,
    model: 'mock',
    choices: [{ index: 0, message: { role: 'assistant', content: words.join('') }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 20, completion_tokens: 32, total_tokens: 52 },
  }),
);
const chunk = (choices: unknown[], more: object = {}) =>
  `data: ${JSON.stringify({ id: 'chatcmpl-mock', object: 'chat.completion.chunk', created: 1, model: 'mock', choices, ...more })}\n\n`;
const chunks = [
  chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
  ...words.map((content) => chunk([{ index: 0, delta: { content }, finish_reason: null }])),
  chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]),
  chunk([], { usage: { prompt_tokens: 20, completion_tokens: 32, total_tokens: 52 } }),
  'data: [DONE]\n\n',
].map((text) => Buffer.from(text));

/** A chunk every 20 ms, as a model writes. */
function pace(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let at = 0;
  const timer = setInterval(() => {
    if (response.destroyed) return clearInterval(timer);
    response.write(chunks[at] as Buffer);
    at += 1;
    if (at < chunks.length) return;
    clearInterval(timer);
    response.end();
  }, 20);
}

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const asked = Buffer.concat(parts);
    const streamed = asked.includes('"stream":true');
    if (streamed && asked.includes('"model":"paced"')) return pace(response);
    if (!streamed) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length }).end(whole);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const part of chunks) response.write(part);
    response.end();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
