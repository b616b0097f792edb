import { type FailureCode, failureCatalogue, type LocalModel, MyriadError } from '@myriad/contracts';
import { type Command, textOption } from '../command.ts';
import { formatBytes } from '../format.ts';
import type { NodeClient } from '../node-client.ts';
import { table } from '../terminal.ts';

const lookEveryMs = 300;

export const modelDownload: Command = {
  name: 'model download',
  summary: 'Download a model that writes to this node. Without a name: what is offered.',
  arguments: [{ flags: '[name]', description: 'such as qwen3-4b' }],
  options: [
    { flags: '--sha256 <checksum>', description: 'checksum stated by the publisher, where the list knows none' },
    { flags: '--start', description: 'run it when it is here' },
  ],
  example: 'myriad model download qwen3-4b --start',
  async run(context, name) {
    const node = await context.node();
    if (!name) {
      const answer = await node.call('GET /api/local-models');
      context.terminal.answer(answer, () =>
        [
          table(
            ['name', 'size', 'licence', 'context', 'languages', 'state'],
            answer.items.map((model) => [
              model.name,
              model.sizeBytes === null ? 'unknown' : formatBytes(model.sizeBytes),
              model.licence ?? 'unknown',
              model.contextTokens === null ? 'unknown' : String(model.contextTokens),
              model.languages.join(', '),
              model.reason ? `${model.state}: ${model.reason.message}` : model.state,
            ]),
          ),
          ...(answer.install ? [`\n${answer.install}`] : []),
        ].join('\n'),
      );
      return 0;
    }
    const sha256 = textOption(context, 'sha256');
    const begun = await node.call('POST /api/local-models/:name/download', {
      params: { name },
      body: { consent: true, ...(sha256 ? { sha256 } : {}) },
    });
    if (!begun.downloaded)
      context.terminal.note(
        `${name}: ${begun.sizeBytes === null ? 'size unknown' : formatBytes(begun.sizeBytes)}, licence ${begun.licence ?? 'unknown'}, from ${begun.url}. Ctrl+C keeps what came.`,
      );
    const bar = context.terminal.progress(name);
    const model = await settled(node, name, ['downloading', 'checking'], (now) =>
      bar.update(
        now.sizeBytes ? now.receivedBytes / now.sizeBytes : null,
        now.state === 'checking'
          ? 'checking'
          : `${formatBytes(now.receivedBytes)}${now.bytesPerSecond === null ? '' : ` · ${formatBytes(now.bytesPerSecond)}/s`}`,
      ),
    ).finally(() => bar.end());
    if (!model.downloaded) {
      if (model.reason) throw failureOf(model.reason);
      throw new MyriadError('aborted', `The download of ${name} was stopped. The next one goes on where it was.`);
    }
    const last = context.options.start === true ? await start(node, name) : model;
    context.terminal.answer(last, () =>
      last.state === 'running'
        ? `${name} is here and runs as ${last.modelName}.`
        : `${name} is here, its checksum is right. \`myriad model start ${name}\` runs it.`,
    );
    return 0;
  },
};

export const modelStart: Command = {
  name: 'model start',
  summary: 'Run a downloaded model on this node.',
  arguments: [{ flags: '<name>', description: 'name of a downloaded model' }],
  example: 'myriad model start qwen3-4b',
  async run(context, name) {
    const node = await context.node();
    const model = await start(node, name as string);
    context.terminal.answer(
      model,
      () => `${model.name} runs as ${model.modelName}, and again whenever the node serves.`,
    );
    return 0;
  },
};

export const modelStop: Command = {
  name: 'model stop',
  summary: 'Stop a downloaded model, or its download.',
  arguments: [{ flags: '<name>', description: 'name of the model' }],
  example: 'myriad model stop qwen3-4b',
  async run(context, name) {
    const node = await context.node();
    const model = await node.call('POST /api/local-models/:name/stop', { params: { name: name as string } });
    context.terminal.answer(model, () => `${model.name} is stopped.`);
    return 0;
  },
};

async function start(node: NodeClient, name: string): Promise<LocalModel> {
  await node.call('POST /api/local-models/:name/start', { params: { name } });
  const model = await settled(node, name, ['starting'], () => {});
  if (model.reason) throw failureOf(model.reason);
  return model;
}

/** Looks until the model is in none of the states that pass. */
async function settled(
  node: NodeClient,
  name: string,
  passing: readonly LocalModel['state'][],
  look: (model: LocalModel) => void,
): Promise<LocalModel> {
  for (;;) {
    const { items } = await node.call('GET /api/local-models');
    const model = items.find((item) => item.name === name);
    if (!model) throw new MyriadError('model_not_found', `There is no model "${name}" to download.`);
    look(model);
    if (!passing.includes(model.state)) return model;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

function failureOf({ code, message }: { readonly code: string; readonly message: string }): MyriadError {
  return new MyriadError(code in failureCatalogue ? (code as FailureCode) : 'internal', message);
}
