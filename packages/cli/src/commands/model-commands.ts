import type { AttachModelRequest } from '@myriad/contracts';
import { MyriadError } from '@myriad/contracts';
import { type Command, listOption, textOption } from '../command.ts';
import { formatPrice } from '../format.ts';
import type { NodeClient } from '../node-client.ts';
import { table } from '../terminal.ts';

export const modelList: Command = {
  name: 'model list',
  summary: 'List base models, and model servers found on this machine.',
  options: [{ flags: '--detect', description: 'look for model servers on loopback now' }],
  example: 'myriad model list --detect',
  async run(context) {
    const node = await context.node();
    if (context.options.detect) await node.call('POST /api/models/detect');
    const answer = await node.call('GET /api/models');
    context.terminal.answer(answer, () =>
      [
        table(
          ['id', 'name', 'capabilities', 'price', 'slots', 'key', 'state'],
          answer.models.map(({ endpoint, keySource, status }) => [
            endpoint.id,
            endpoint.name,
            endpoint.capabilities.join(' '),
            formatPrice(endpoint.price),
            `${status?.inFlight ?? 0}/${endpoint.concurrency}`,
            keySource ?? '-',
            endpoint.enabled ? 'on' : 'off',
          ]),
        ),
        ...answer.detected
          .filter(({ attached }) => !attached)
          .map(
            (server) =>
              `\nFound ${server.provider} at ${server.baseUrl}: ${server.models.join(', ')}. Attach one: myriad model attach ${server.provider} ${server.models[0] ?? 'MODEL'}`,
          ),
      ].join('\n'),
    );
    return 0;
  },
};

export const modelAttach: Command = {
  name: 'model attach',
  summary: 'Attach a base model.',
  arguments: [
    { flags: '<provider>', description: 'such as openai, anthropic, gemini, qianfan, dashscope, deepseek, ollama' },
    { flags: '<model>', description: "the provider's name of the model" },
  ],
  options: [
    { flags: '--model-key <reference>', description: 'key of the model by reference: env:NAME or file:/path' },
    { flags: '--base-url <address>', description: 'address, when it is not the provider’s usual one' },
    { flags: '--name <name>', description: 'name under which it is listed' },
    { flags: '--capabilities <list>', description: 'what it can do, when the catalogue does not know' },
    { flags: '--concurrency <number>', description: 'calls in flight that it takes' },
  ],
  example: 'myriad model attach qianfan ernie-4.5-turbo-128k --model-key env:QIANFAN_KEY',
  async run(context, provider, model) {
    const node = await context.node();
    const capabilities = listOption(context, 'capabilities') as NonNullable<AttachModelRequest['capabilities']>;
    const concurrency = textOption(context, 'concurrency');
    const key = textOption(context, 'modelKey');
    const baseUrl = textOption(context, 'baseUrl');
    const name = textOption(context, 'name');
    const row = await node.call('POST /api/models', {
      body: {
        provider: provider as string,
        model: model as string,
        ...(key ? { key } : {}),
        ...(baseUrl ? { baseUrl } : {}),
        ...(name ? { name } : {}),
        ...(capabilities.length > 0 ? { capabilities } : {}),
        ...(concurrency ? { concurrency: Number(concurrency) } : {}),
      },
    });
    context.terminal.answer(
      row,
      () =>
        `${row.endpoint.name} is attached as ${row.endpoint.id} (${formatPrice(row.endpoint.price)}). \`myriad model test ${row.endpoint.id}\` makes a real call.`,
    );
    return 0;
  },
};

export const modelTest: Command = {
  name: 'model test',
  summary: 'Make a real call of a model and say what came of it.',
  arguments: [{ flags: '<model>', description: 'id or name' }],
  example: 'myriad model test myriad/extract-1',
  async run(context, model) {
    const node = await context.node();
    const answer = await node.call('POST /api/models/:id/test', {
      params: { id: await modelId(node, model as string) },
    });
    context.terminal.answer(answer, () => answer.message);
    return answer.ok ? 0 : 5;
  },
};

async function modelId(node: NodeClient, nameOrId: string): Promise<string> {
  const { models } = await node.call('GET /api/models');
  const row = models.find(({ endpoint }) => endpoint.id === nameOrId || endpoint.name === nameOrId);
  if (!row)
    throw new MyriadError(
      'model_not_found',
      `There is no model "${nameOrId}". \`myriad model list\` shows which there are.`,
    );
  return row.endpoint.id;
}
