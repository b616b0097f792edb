import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { type ManifestIssue, MyriadError } from '@myriad/contracts';
import { chunksOf, readEvents } from '@myriad/sdk';
import { type Command, type CommandContext, textOption } from '../command.ts';
import { formatMoney, formatTime } from '../format.ts';
import { table } from '../terminal.ts';

const appArgument = { flags: '<app>', description: 'name or id of the app' };
const fileArgument = { flags: '<file>', description: 'manifest (YAML)' };

export const appValidate: Command = {
  name: 'app validate',
  summary: 'Check a manifest; says line, column, what was expected.',
  arguments: [fileArgument],
  example: 'myriad app validate refund-desk.yaml',
  async run(context, file) {
    const node = await context.node();
    const answer = await node.call('POST /api/apps/validate', { body: { source: await readManifest(context, file) } });
    const bad = answer.issues.some((issue) => issue.severity === 'error');
    context.terminal.answer(answer, () =>
      [
        ...answer.issues.map((issue) => issueLine(file as string, issue)),
        bad
          ? `${file} is not valid.`
          : `${file} is valid: ${answer.manifest?.name}, version ${answer.hash?.slice(0, 12)}.`,
      ].join('\n'),
    );
    return bad ? 5 : 0;
  },
};

export const appPublish: Command = {
  name: 'app publish',
  summary: 'Publish a manifest: its evals run first, then it serves. Makes the app when it is new.',
  arguments: [fileArgument],
  options: [{ flags: '--skip-evals', description: 'publish without running the evals' }],
  example: 'myriad app publish refund-desk.yaml',
  async run(context, file) {
    const node = await context.node();
    const source = await readManifest(context, file);
    const { manifest, issues } = await node.call('POST /api/apps/validate', { body: { source } });
    if (!manifest) {
      context.terminal.answer({ issues }, () =>
        [
          ...issues.map((issue) => issueLine(file as string, issue)),
          `${file} is not valid; nothing was published.`,
        ].join('\n'),
      );
      return 5;
    }
    const exists = await node.call('GET /api/apps/:app', { params: { app: manifest.name } }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof MyriadError && error.class.status === 404) return false;
        throw error;
      },
    );
    if (!exists) await node.call('POST /api/apps', { body: { source } });
    const published = await node.call('POST /api/apps/:app/publish', {
      params: { app: manifest.name },
      body: { source, skipEvals: context.options.skipEvals === true },
    });
    context.terminal.answer(published, () => {
      const evals = published.evals ? ` ${published.evals.passed} evals passed, ${published.evals.failed} failed.` : '';
      return `${published.app.name} serves version ${published.version.number} (${published.version.hash.slice(0, 12)}).${evals}`;
    });
    return 0;
  },
};

export const appList: Command = {
  name: 'app list',
  summary: 'List apps.',
  options: [
    { flags: '--search <words>', description: 'words in name, title or description' },
    { flags: '--limit <number>', description: 'at most this many (default 50)' },
    { flags: '--cursor <cursor>', description: 'go on where a list ended' },
  ],
  example: 'myriad app list --search 退款',
  async run(context) {
    const node = await context.node();
    const search = textOption(context, 'search');
    const cursor = textOption(context, 'cursor');
    const page = await node.call('GET /api/apps', {
      query: {
        limit: textOption(context, 'limit') ?? '50',
        ...(search ? { search } : {}),
        ...(cursor ? { cursor } : {}),
      },
    });
    context.terminal.answer(page, () =>
      [
        table(
          ['name', 'title', 'status', 'version', 'changed'],
          page.items.map((app) => [
            app.name,
            app.titleEn === app.titleZh ? app.titleEn : `${app.titleEn} · ${app.titleZh}`,
            app.status,
            String(app.versionNumber),
            formatTime(app.updatedAt),
          ]),
        ),
        '',
        `${page.items.length} of ${page.total}.${page.nextCursor ? ` More: --cursor ${page.nextCursor}` : ''}`,
      ].join('\n'),
    );
    return 0;
  },
};

export const appShow: Command = {
  name: 'app show',
  summary: 'Show an app: its version, budget and manifest.',
  arguments: [appArgument],
  example: 'myriad app show assistant',
  async run(context, app) {
    const node = await context.node();
    const detail = await node.call('GET /api/apps/:app', { params: { app: app as string } });
    const versions = await node.call('GET /api/apps/:app/versions', {
      params: { app: app as string },
      query: { limit: '20' },
    });
    context.terminal.answer({ ...detail, versions: versions.items }, () => {
      const { budget, budgetState } = detail;
      return [
        `${detail.app.name} · ${detail.app.titleEn} · ${detail.app.status}`,
        detail.app.descriptionEn,
        `Version ${detail.app.versionNumber} (${detail.app.currentVersion?.slice(0, 12) ?? 'only a draft'}), exposed as ${detail.app.expose.join(', ')}; used by ${detail.app.use.join(', ')}`,
        budget
          ? `Budget: ${formatMoney(budgetState?.spentMicros ?? 0, budget.currency)} of ${formatMoney(budget.limitMicros, budget.currency)} this ${budget.period}; then ${budget.onExceed}`
          : 'No budget of its own.',
        '',
        table(
          ['version', 'hash', 'published', 'by'],
          versions.items.map((version) => [
            String(version.number),
            version.hash.slice(0, 12),
            formatTime(version.publishedAt),
            version.publishedBy,
          ]),
        ),
        '',
        detail.draft?.source ?? detail.version?.source ?? '',
      ].join('\n');
    });
    return 0;
  },
};

export const appRollback: Command = {
  name: 'app rollback',
  summary: 'Serve an earlier version again, in one step.',
  arguments: [appArgument, { flags: '<version>', description: 'number of the version' }],
  example: 'myriad app rollback refund-desk 3',
  async run(context, app, version) {
    const node = await context.node();
    const detail = await node.call('POST /api/apps/:app/rollback', {
      params: { app: app as string },
      body: { number: Number(version) },
    });
    context.terminal.answer(detail, () => `${detail.app.name} serves version ${detail.app.versionNumber} again.`);
    return 0;
  },
};

export const appRun: Command = {
  name: 'app run',
  summary: 'Ask an app; the answer streams, its sources and cost follow.',
  arguments: [appArgument, { flags: '[words...]', description: 'the question; `-` or nothing reads standard input' }],
  options: [{ flags: '--unit <unit>', description: 'who is randomised, when the app is in an experiment' }],
  example: 'myriad app run assistant "What may not be returned?"',
  async run(context, app, ...words) {
    const question = words.filter(Boolean).join(' ').trim();
    const content = question === '' || question === '-' ? await readStandardInput() : question;
    const node = await context.node();
    const unit = textOption(context, 'unit');
    const body = {
      model: `app:${app}`,
      stream: !context.terminal.json,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content }],
      ...(unit ? { myriad: { unit } } : {}),
    };
    const response = await node.raw('/v1/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(context.terminal.json ? { ...body, stream_options: undefined } : body),
    });
    if (context.terminal.json) {
      context.terminal.answer(await response.json(), () => '');
      return 0;
    }
    return printStream(context, response);
  },
};

interface StreamedRun {
  readonly run_id: string;
  readonly model: string | null;
  readonly cost: { readonly micros: number; readonly currency: string } | null;
  readonly citations: readonly { readonly number: number; readonly document: string; readonly page: number | null }[];
}

async function printStream(context: CommandContext, response: Response): Promise<number> {
  let own: StreamedRun | null = null;
  for await (const event of readEvents(chunksOf(response.body as ReadableStream<Uint8Array>))) {
    if (event.data === '[DONE]') break;
    const chunk = JSON.parse(event.data) as {
      error?: { message: string };
      myriad?: StreamedRun;
      choices?: { delta?: { content?: string } }[];
    };
    if (chunk.error) throw new MyriadError('upstream_error', chunk.error.message);
    own = chunk.myriad ?? own;
    context.terminal.write(chunk.choices?.[0]?.delta?.content ?? '');
  }
  context.terminal.write('\n');
  if (own) {
    const sources = [...new Map(own.citations.map((citation) => [citation.number, citation])).values()];
    for (const source of sources)
      context.terminal.note(`[${source.number}] ${source.document}${source.page ? `, page ${source.page}` : ''}`);
    context.terminal.note(
      `${own.run_id} · ${own.model ?? 'no model'} · ${own.cost ? formatMoney(own.cost.micros, own.cost.currency) : 'unpriced'}`,
    );
  }
  return 0;
}

export const appImport: Command = {
  name: 'app import',
  summary: 'Register many apps from a file with one manifest a line (JSON).',
  arguments: [{ flags: '<file>', description: 'NDJSON file' }],
  example: 'myriad app import apps.ndjson',
  async run(context, file) {
    const node = await context.node();
    const path = resolve(context.cwd, file as string);
    const { size } = await stat(path).catch(() => {
      throw new MyriadError('not_found', `${path} cannot be read.`);
    });
    const bar = context.terminal.progress('registering');
    let sent = 0;
    const source = createReadStream(path, { highWaterMark: 256 * 1024 });
    const counted = async function* () {
      for await (const chunk of source) {
        sent += (chunk as Buffer).length;
        bar.update(size === 0 ? 1 : sent / size);
        yield chunk as Buffer;
      }
    };
    const response = await node.raw('/api/apps/import', {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: Readable.toWeb(Readable.from(counted())) as BodyInit,
      duplex: 'half',
    });
    const answer = (await response.json()) as {
      imported: number;
      rejected: readonly { line: number; reason: string }[];
      tookMs: number;
    };
    bar.end();
    context.terminal.answer(answer, () =>
      [
        `${answer.imported} apps registered in ${(answer.tookMs / 1000).toFixed(1)} s.`,
        ...answer.rejected.slice(0, 20).map(({ line, reason }) => `line ${line}: ${reason}`),
      ].join('\n'),
    );
    return answer.rejected.length > 0 ? 5 : 0;
  },
};

async function readManifest(context: CommandContext, file: string | undefined): Promise<string> {
  if (file === '-') return readStandardInput();
  const path = resolve(context.cwd, file as string);
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new MyriadError('not_found', `${path} cannot be read.`, { cause });
  });
}

async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}

function issueLine(file: string, issue: ManifestIssue): string {
  const hint = issue.didYouMean ? ` Did you mean \`${issue.didYouMean}\`?` : '';
  const expected = issue.expected && !issue.message.includes(issue.expected) ? ` Expected ${issue.expected}.` : '';
  return `${file}:${issue.line}:${issue.column} ${issue.severity}: ${issue.field ? `${issue.field}: ` : ''}${issue.message}${expected}${hint}`;
}
