import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { type KnowledgeDocument, MyriadError } from '@myriad/contracts';
import { type Command, type CommandContext, textOption } from '../command.ts';
import { formatBytes, formatTime } from '../format.ts';
import type { NodeClient } from '../node-client.ts';
import { table } from '../terminal.ts';

export const knowledgeAdd: Command = {
  name: 'knowledge add',
  summary: 'Add files or folders to a library, and wait until they are read.',
  arguments: [{ flags: '<paths...>', description: 'files or folders' }],
  options: [
    { flags: '--library <name>', description: 'library (default `shared`); made when it is not there' },
    {
      flags: '--readers <list>',
      description: 'who may read a new library: everyone, group:<name>, person:<id> (default everyone)',
    },
  ],
  example: 'myriad knowledge add ./policies --library policies --readers group:staff',
  async run(context, ...paths) {
    const node = await context.node();
    const collectionId = await libraryOf(context, node);
    const files = (
      await Promise.all(
        paths.filter((path): path is string => path !== undefined).map((path) => filesAt(resolve(context.cwd, path))),
      )
    ).flat();
    if (files.length === 0) throw new MyriadError('not_found', 'There are no files at the paths given.');
    const bar = context.terminal.progress('reading');
    const documents: KnowledgeDocument[] = [];
    for (const [index, file] of files.entries()) {
      bar.update(index / files.length, `${index} of ${files.length} · ${basename(file)}`);
      const response = await node.raw(
        `/api/collections/${collectionId}/documents?name=${encodeURIComponent(basename(file))}`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/octet-stream' },
          body: Readable.toWeb(createReadStream(file)) as BodyInit,
          duplex: 'half',
        },
      );
      documents.push(await whenRead(node, (await response.json()) as KnowledgeDocument));
    }
    bar.update(1);
    bar.end();
    const failed = documents.filter(({ status }) => status === 'failed');
    context.terminal.answer(documents, () =>
      [
        ...documents.map(
          (document) =>
            `${document.status === 'ready' ? 'read  ' : 'failed'} ${document.name}${document.status === 'ready' ? ` · ${document.passages} passages${document.pages ? ` · ${document.pages} pages` : ''}` : ` · ${document.reason}`}`,
        ),
        `${documents.length - failed.length} of ${documents.length} files are ready.`,
      ].join('\n'),
    );
    return failed.length > 0 ? 5 : 0;
  },
};

async function libraryOf(context: CommandContext, node: NodeClient): Promise<string> {
  const name = `library:${textOption(context, 'library') ?? 'shared'}`;
  const { items } = await node.call('GET /api/collections', { query: { prefix: name, limit: '500' } });
  const existing = items.find((collection) => collection.name === name);
  if (existing) return existing.id;
  const readers = (textOption(context, 'readers') ?? 'everyone').split(',').map((reader) => reader.trim());
  return (await node.call('POST /api/collections', { body: { name, readers } })).id;
}

async function filesAt(path: string): Promise<string[]> {
  const info = await stat(path).catch(() => {
    throw new MyriadError('not_found', `${path} cannot be read.`);
  });
  if (info.isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const inner = await Promise.all(
    entries
      .filter((entry) => !entry.name.startsWith('.'))
      .map((entry) =>
        entry.isDirectory() ? filesAt(join(path, entry.name)) : entry.isFile() ? [join(path, entry.name)] : [],
      ),
  );
  return inner.flat().sort();
}

async function whenRead(node: NodeClient, document: KnowledgeDocument): Promise<KnowledgeDocument> {
  let current = document;
  for (
    let waitMs = 50;
    current.status === 'queued' || current.status === 'parsing';
    waitMs = Math.min(1_000, waitMs * 1.5)
  ) {
    await new Promise((wake) => setTimeout(wake, waitMs));
    current = await node.call('GET /api/documents/:id', { params: { id: document.id } });
  }
  return current;
}

export const knowledgeList: Command = {
  name: 'knowledge list',
  summary: 'List libraries, or the files of one.',
  arguments: [{ flags: '[library]', description: 'name of a library' }],
  example: 'myriad knowledge list policies',
  async run(context, library) {
    const node = await context.node();
    const { items } = await node.call('GET /api/collections', { query: { prefix: 'library:', limit: '500' } });
    if (!library) {
      context.terminal.answer(items, () =>
        items.length === 0
          ? 'No libraries yet. `myriad knowledge add FILE` makes one.'
          : table(
              ['library', 'files', 'size', 'readers'],
              items.map((collection) => [
                collection.name.replace(/^library:/, ''),
                String(collection.documents),
                formatBytes(collection.sizeBytes),
                collection.readers.join(' '),
              ]),
            ),
      );
      return 0;
    }
    const collection = items.find(({ name }) => name === library || name === `library:${library}`);
    if (!collection) throw new MyriadError('not_found', `There is no library "${library}".`);
    const documents = (
      await node.call('GET /api/collections/:id/documents', { params: { id: collection.id }, query: { limit: '500' } })
    ).items;
    context.terminal.answer(documents, () =>
      table(
        ['id', 'name', 'size', 'status', 'passages', 'added'],
        documents.map((document) => [
          document.id,
          document.name,
          formatBytes(document.sizeBytes),
          document.reason ? `${document.status}: ${document.reason}` : document.status,
          String(document.passages),
          formatTime(document.createdAt),
        ]),
      ),
    );
    return 0;
  },
};

export const knowledgeSearch: Command = {
  name: 'knowledge search',
  summary: 'Search the libraries that you may read.',
  arguments: [{ flags: '<words...>', description: 'what to look for' }],
  options: [
    { flags: '--library <name>', description: 'only in this library' },
    { flags: '--limit <number>', description: 'at most this many (default 5)' },
  ],
  example: 'myriad knowledge search 退货 政策',
  async run(context, ...words) {
    const node = await context.node();
    const library = textOption(context, 'library');
    const answer = await node.call('GET /api/knowledge/search', {
      query: {
        q: words.filter(Boolean).join(' '),
        limit: textOption(context, 'limit') ?? '5',
        ...(library ? { collection: `library:${library}` } : {}),
      },
    });
    context.terminal.answer(answer, () =>
      answer.passages.length === 0
        ? 'Nothing found.'
        : answer.passages
            .map(
              (passage, index) =>
                `${index + 1}. ${passage.documentName}${passage.page ? `, page ${passage.page}` : ''} · fits ${Math.round(passage.coverage * 100)} %\n   ${passage.text.replace(/\s+/g, ' ').slice(0, 300)}`,
            )
            .join('\n'),
    );
    return 0;
  },
};
