/** A model server on this machine is found at the start, shown, and attached only when somebody says so. */
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { call } from './support/operator.ts';
import { startNode } from './support/start-node.ts';

/** LM Studio's customary port. */
const port = 1234;

test('found, shown, not used; attached after consent, and then it serves', async (context) => {
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    if (request.url?.endsWith('/models'))
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'house-model', object: 'model' }] }));
    else
      response.end(
        JSON.stringify({
          id: 'c',
          object: 'chat.completion',
          choices: [{ index: 0, message: { role: 'assistant', content: 'From this machine.' }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
        }),
      );
  });
  const listening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  if (!listening) {
    console.warn(`SKIPPED: port ${port} is taken on this machine.`);
    context.skip();
  }
  const node = await startNode({ environment: { MYRIAD_DETECT_LOCAL_MODELS: 'true' } });
  const models = async () =>
    (
      await call<{
        detected: { provider: string; baseUrl: string; models: string[]; attached: boolean }[];
        models: { endpoint: { name: string } }[];
      }>(node, 'GET /api/models')
    ).body;
  await expect
    .poll(async () => (await models()).detected.find(({ baseUrl }) => baseUrl.includes(`:${port}`)), {
      timeout: 10_000,
    })
    .toMatchObject({ models: ['house-model'], attached: false });
  expect((await models()).models.map(({ endpoint }) => endpoint.name)).toEqual(['myriad/extract-1']);
  const { detected } = await models();
  const found = detected.find(({ baseUrl }) => baseUrl.includes(`:${port}`));
  const attached = await call(node, 'POST /api/models', {
    body: { provider: found?.provider, model: 'house-model', name: 'house', baseUrl: found?.baseUrl },
  });
  expect(attached.status).toBe(201);
  const answer = await call<{ choices: { message: { content: string } }[] }>(node, 'POST /v1/chat/completions', {
    body: { model: 'house', messages: [{ role: 'user', content: 'Who are you?' }] },
  });
  expect(answer.body.choices[0]?.message.content).toBe('From this machine.');
  expect((await models()).detected.find(({ baseUrl }) => baseUrl.includes(`:${port}`))).toMatchObject({
    attached: true,
  });
  await node.stop();
  server.close();
  server.closeAllConnections();
});
