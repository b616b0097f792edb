import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { loadConfig } from '@myriad/server/config';
import { type Command, type CommandContext, textOption } from '../command.ts';
import { formatBytes } from '../format.ts';
import { runningNode } from '../node-client.ts';

interface Finding {
  readonly check: string;
  readonly state: 'good' | 'look' | 'bad';
  readonly detail: string;
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check the machine, the configuration, the data and the models, and say what to do.',
  example: 'myriad doctor',
  async run(context) {
    const findings: Finding[] = [
      {
        check: 'node',
        state: Number(process.versions.node.split('.')[0]) >= 24 ? 'good' : 'bad',
        detail: `Node ${process.versions.node}`,
      },
    ];
    const { config, file } = loadConfig({
      environment: context.environment,
      cwd: context.cwd,
      flags: { data: textOption(context, 'data') },
    });
    findings.push({ check: 'configuration', state: 'good', detail: file ?? 'no myriad.yaml; defaults' });
    const folder = resolve(context.cwd, config.data);
    findings.push(await dataFolder(folder));
    const running = await runningNode(folder);
    findings.push(
      running
        ? { check: 'node process', state: 'good', detail: `serving at ${running.url} (pid ${running.pid})` }
        : await freePort(config.host, config.port),
    );
    if (findings.every(({ state }) => state !== 'bad')) findings.push(...(await insideTheNode(context)));
    const worst = findings.some(({ state }) => state === 'bad');
    const mark = { good: 'good', look: 'look', bad: 'BAD ' };
    context.terminal.answer(findings, () =>
      findings.map((finding) => `${mark[finding.state]}  ${finding.check}: ${finding.detail}`).join('\n'),
    );
    return worst ? 5 : 0;
  },
};

async function dataFolder(folder: string): Promise<Finding> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    return {
      check: 'data folder',
      state: free < 1e9 ? 'look' : 'good',
      detail: `${folder}, ${formatBytes(free)} free${free < 1e9 ? ': little room left' : ''}`,
    };
  } catch (error) {
    return { check: 'data folder', state: 'bad', detail: `${folder} cannot be written: ${(error as Error).message}` };
  }
}

function freePort(host: string, port: number): Promise<Finding> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', (error) =>
      done({ check: 'port', state: 'bad', detail: `${host}:${port} cannot be used: ${error.message}` }),
    );
    server.listen(port, host, () =>
      server.close(() => done({ check: 'port', state: 'good', detail: `${host}:${port} is free` })),
    );
  });
}

async function insideTheNode(context: CommandContext): Promise<Finding[]> {
  const node = await context.node();
  const status = await node.call('GET /api/status');
  const models = await node.call('GET /api/models');
  const chain = (await (await node.raw('/api/audit/verify')).json()) as { entries: number; brokenAt: number | null };
  const generating = models.models.filter(
    ({ endpoint }) => endpoint.enabled && endpoint.capabilities.includes('generate'),
  );
  return [
    {
      check: 'store',
      state: 'good',
      detail: `${status.store}, schema ${status.schemaVersion}, ${status.apps} apps, ${formatBytes(status.rssBytes)} of memory`,
    },
    {
      check: 'audit chain',
      state: chain.brokenAt === null ? 'good' : 'bad',
      detail: chain.brokenAt === null ? `${chain.entries} entries, whole` : `broken at entry ${chain.brokenAt}`,
    },
    {
      check: 'models',
      state: generating.length > 0 ? 'good' : 'look',
      detail:
        generating.length > 0
          ? generating.map(({ endpoint }) => endpoint.name).join(', ')
          : 'only myriad/extract-1, which quotes and does not write; `myriad model attach` adds one that does',
    },
    ...models.detected
      .filter(({ attached }) => !attached)
      .map(
        (server): Finding => ({
          check: 'found here',
          state: 'look',
          detail: `${server.provider} at ${server.baseUrl} is not attached`,
        }),
      ),
  ];
}
