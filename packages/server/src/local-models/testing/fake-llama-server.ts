/** Writes an executable that stands for llama-server: same flags, `/health` after a while, one sentence as each answer. */
import { chmodSync, writeFileSync } from 'node:fs';

/** @returns `path`. The script says `crash` and `mute` behaviours by files beside the model: `<model>.crash`, `<model>.refuse`. */
export function writeFakeLlamaServer(path: string): string {
  writeFileSync(path, `#!${process.execPath}\n${script}`);
  chmodSync(path, 0o755);
  return path;
}

const script = `
const { createServer } = require('node:http');
const { env } = require('node:process');
const { existsSync, writeFileSync } = require('node:fs');
const flag = (name) => process.argv[process.argv.indexOf(name) + 1];
const model = flag('--model');
if (existsSync(model + '.refuse')) {
  console.error('error: failed to load model, tensor data is not within the file bounds');
  process.exit(1);
}
writeFileSync(model + '.seen', JSON.stringify({ args: process.argv.slice(2), env: Object.keys(env) }));
const readyAt = Date.now() + 150;
createServer(async (request, response) => {
  const send = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (Date.now() < readyAt) return send(503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } });
  if (request.url === '/health') return send(200, { status: 'ok' });
  if (request.headers.authorization !== 'Bearer ' + env.LLAMA_API_KEY)
    return send(401, { error: { code: 401, message: 'Invalid API key', type: 'authentication_error' } });
  let text = '';
  for await (const chunk of request) text += chunk;
  const body = JSON.parse(text || '{}');
  const last = body.messages?.at(-1)?.content;
  const asked = typeof last === 'string' ? last : (last ?? []).map((part) => part.text).join('');
  if (/please crash/.test(asked)) process.exit(134);
  const words = 'You asked: ' + asked;
  const usage = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 };
  const base = { id: 'chatcmpl-1', created: 1, model: flag('--alias') };
  if (!body.stream)
    return send(200, { ...base, object: 'chat.completion', usage,
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: words } }] });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const frame = (value) => response.write('data: ' + JSON.stringify({ ...base, object: 'chat.completion.chunk', ...value }) + '\\n\\n');
  frame({ choices: [{ index: 0, delta: { role: 'assistant', content: words }, finish_reason: null }] });
  frame({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  frame({ choices: [], usage });
  response.end('data: [DONE]\\n\\n');
}).listen(Number(flag('--port')), flag('--host'));
`;
