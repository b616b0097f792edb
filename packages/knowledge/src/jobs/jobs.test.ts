import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KnowledgeDocument, type MyriadError, systemClock, systemRandom } from '@myriad/contracts';
import { afterEach, expect, test } from 'vitest';
import { createKnowledge } from '../create-knowledge.ts';
import { makeDocx } from '../testing/make-office.ts';
import { createMemoryStore } from '../testing/memory-store.ts';
import { parserFlags } from './parser-process.ts';

const megabyte = 1024 * 1024;
const usual = { parseMs: 20_000, parseMemoryBytes: 512 * megabyte, uploadBytes: 400 * megabyte };
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function room(limits: Partial<typeof usual> = {}, store = createMemoryStore()) {
  const open = () => {
    const knowledge = createKnowledge({
      store,
      clock: systemClock,
      random: systemRandom,
      limits: { ...usual, ...limits },
      workers: 1,
    });
    ends.push(() => knowledge.close());
    return knowledge;
  };
  const knowledge = open();
  const { id: collectionId } = await knowledge.ensureCollection({ name: 'library:a', ownerId: 'per_1', readers: [] });
  const start = (name: string, content: string | Uint8Array) =>
    knowledge.add({
      collectionId,
      name,
      content: typeof content === 'string' ? Buffer.from(content) : content,
      addedBy: 'per_1',
    });
  const add = async (name: string, content: string | Uint8Array) =>
    knowledge.whenIndexed((await start(name, content)).id);
  const finds = async (query: string) =>
    (await knowledge.retrieve({ query, collectionIds: [collectionId] })).passages.map(
      (passage) => passage.documentName,
    );
  return { store, open, knowledge, collectionId, start, add, finds };
}

/** A file that keeps its reader busy for seconds: one deep bush of HTML after another. */
const slowFile = () =>
  `<html><body>${`${'<b><div>'.repeat(400)}x${'</div></b>'.repeat(400)}`.repeat(600)}</body></html>`;

function childrenOfThisProcess(): number[] {
  return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .split(' ')
    .map(Number)
    .filter(Boolean);
}

test('[J1] a file past the deadline fails with the time in the reason, and the next one is read', async () => {
  const { add, finds } = await room({ parseMs: 800 });
  const document = await add('slow.html', slowFile());
  expect(document).toMatchObject({ status: 'failed', reason: 'Reading the file took more than 800 ms.', passages: 0 });
  expect((await add('good.txt', 'The harbour opens at six.')).status).toBe('ready');
  expect(await finds('When does the harbour open?')).toEqual(['good.txt']);
});

test('[J2] a file that needs more memory than allowed fails with the limit in the reason, and nothing else suffers', async () => {
  const { add } = await room({ parseMemoryBytes: 160 * megabyte });
  // Unpacks to 190 MB outside the JavaScript heap: within the archive's own limit, past the process's.
  const bomb = makeDocx([{ text: 'x' }], { 'word/media/a.bin': Buffer.alloc(190 * megabyte) });
  expect(bomb.length).toBeLessThan(megabyte);
  const document = await add('bomb.docx', bomb);
  expect(document).toMatchObject({ status: 'failed', reason: 'Reading the file took more than 160 MB of memory.' });
  expect((await add('good.txt', 'The harbour opens at six.')).status).toBe('ready');
});

test('[J2] a file that fills the JavaScript heap is told as memory too', async () => {
  const { add } = await room({ parseMemoryBytes: 110 * megabyte });
  const rows = Array.from({ length: 600_000 }, (_, index) => `${index},a,b,c,d,e,f,g`).join('\n');
  const document = await add('wide.csv', rows);
  expect(document).toMatchObject({ status: 'failed', reason: 'Reading the file took more than 110 MB of memory.' });
});

test.runIf(process.platform === 'linux')('[J3] a parser killed in the middle fails that file only', async () => {
  const { knowledge, start, add } = await room();
  const { id } = await start('slow.html', slowFile());
  // Until it has grown past a process that only starts: then it is reading.
  const grown = (pid: number) =>
    Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096 > 100 * megabyte;
  while (!childrenOfThisProcess().some(grown)) await systemClock.sleep(2);
  for (const pid of childrenOfThisProcess()) process.kill(pid, 'SIGKILL');
  const document = await knowledge.whenIndexed(id);
  expect(document).toMatchObject({ status: 'failed', reason: expect.stringMatching(/made its reader crash/) });
  expect((await add('good.txt', 'The harbour opens at six.')).status).toBe('ready');
});

test('[J4] under the flags of the parser there is no network, no child, no file outside the code, nothing to write', () => {
  const attempt = (code: string) =>
    spawnSync(
      process.execPath,
      [...parserFlags(usual.parseMemoryBytes), '-e', `try { ${code} } catch (error) { console.log(error.code) }`],
      {
        env: {},
        encoding: 'utf8',
      },
    ).stdout.trim();
  const outside = mkdtempSync(join(tmpdir(), 'parser-'));
  writeFileSync(join(outside, 'key'), 'secret');
  for (const code of [
    `require('node:fs').readFileSync(${JSON.stringify(join(outside, 'key'))})`,
    `require('node:fs').writeFileSync(${JSON.stringify(join(outside, 'made'))}, '')`,
    `require('node:child_process').spawnSync('true')`,
    `new (require('node:worker_threads').Worker)('1', { eval: true })`,
    `require('node:net').connect(9, '127.0.0.1').on('error', (error) => { console.log(error.code); process.exit() })`,
  ])
    expect(attempt(code)).toBe('ERR_ACCESS_DENIED');
  const code = JSON.stringify(import.meta.filename);
  expect(attempt(`console.log(require('node:fs').readFileSync(${code}).length > 0)`)).toBe('true');
  rmSync(outside, { recursive: true });
});

test.runIf(process.platform === 'linux')(
  '[J4] the parser is started with those flags and without the environment',
  async () => {
    const { start, knowledge } = await room();
    const { id } = await start('slow.html', slowFile());
    let environment: string | null = null;
    while (environment === null) {
      for (const pid of childrenOfThisProcess()) {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        if (!command.some((argument) => argument.endsWith('parser-main.ts'))) continue;
        expect(command).toEqual(expect.arrayContaining(parserFlags(usual.parseMemoryBytes)));
        environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
      }
      await systemClock.sleep(2);
    }
    expect(environment).toBe('');
    await knowledge.delete(id);
  },
);

test('[J5] what a dead process left is read after a restart, once', async () => {
  const store = createMemoryStore();
  const before = await room({}, store);
  const first = await before.start('slow.html', slowFile());
  const second = await before.start('b.txt', 'The ferry leaves at noon.');
  await before.knowledge.close();
  const left = await Promise.all([first, second].map(({ id }) => store.knowledge.document(id)));
  expect(left.every((document) => document?.status === 'queued' || document?.status === 'parsing')).toBe(true);
  const knowledge = before.open();
  expect(await knowledge.resume()).toBe(2);
  expect(await knowledge.resume()).toBe(0);
  await knowledge.delete(first.id);
  expect((await knowledge.whenIndexed(second.id)).status).toBe('ready');
});

test('[J6] deleting while the file is being read leaves nothing, and who waited is told', async () => {
  const { knowledge, start, store } = await room();
  const { id, contentHash } = await start('slow.html', slowFile());
  const waited = knowledge.whenIndexed(id).catch((error: MyriadError) => error.code);
  await systemClock.sleep(100);
  await knowledge.delete(id);
  expect(await waited).toBe('not_found');
  expect(await store.knowledge.document(id)).toBeNull();
  expect(await store.knowledge.text(id)).toBeNull();
  expect(await store.blobs.has(contentHash)).toBe(false);
});

test('[J7] a failed file can be tried again', async () => {
  const { knowledge, add, store } = await room();
  const failed = await add('picture.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10));
  expect(failed.status).toBe('failed');
  await knowledge.retry(failed.id);
  expect(await knowledge.whenIndexed(failed.id)).toMatchObject({ status: 'failed', reason: failed.reason });
  expect((await store.knowledge.document(failed.id))?.status).toBe('failed');
});

test('[J8] bytes that the store has lost are told as such, not as a bad file', async () => {
  const { knowledge, add, store } = await room();
  const document = await add('a.txt', 'words');
  await store.blobs.delete(document.contentHash);
  await knowledge.retry(document.id);
  expect((await knowledge.whenIndexed(document.id)).reason).toBe(
    'The file could not be indexed: There is no such blob.',
  );
});

test('[J9] an upload past the limit is refused and leaves no document', async () => {
  const { start, store } = await room({ uploadBytes: 1_000 });
  await expect(start('big.txt', 'x'.repeat(1_001))).rejects.toMatchObject({ code: 'body_too_large' });
  expect((await store.knowledge.documents({})).items).toEqual([]);
});

test('[J10] deleting bytes waits for an upload of the same bytes, so that its document keeps them', async () => {
  const { knowledge, collectionId, add, store } = await room();
  const other = await knowledge.ensureCollection({ name: 'library:b', ownerId: 'x', readers: [] });
  const first = await add('a.txt', 'The same words.');
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* slowly() {
    yield Buffer.from('The same ');
    await held;
    yield Buffer.from('words.');
  }
  const adding = knowledge.add({ collectionId: other.id, name: 'b.txt', content: slowly(), addedBy: 'x' });
  await knowledge.delete(first.id);
  release();
  const second = await knowledge.whenIndexed((await adding).id);
  expect(second.status).toBe('ready');
  expect(await store.blobs.has(second.contentHash)).toBe(true);
  await knowledge.deleteCollection(other.id);
  expect(await store.blobs.has(second.contentHash)).toBe(false);
  expect(await store.knowledge.collection(collectionId)).not.toBeNull();
});

test('[J11] the same file added twice at once is one document', async () => {
  const { start } = await room();
  const both = await Promise.all([start('a.txt', 'Once.'), start('b.txt', 'Once.')]);
  expect(new Set(both.map(({ id }: KnowledgeDocument) => id)).size).toBe(1);
});

test('[J12] a cancelled wait ends with aborted; a wait for nothing with not_found; closing with shutting_down', async () => {
  const { knowledge, start } = await room();
  const { id } = await start('slow.html', slowFile());
  await expect(knowledge.whenIndexed(id, AbortSignal.timeout(30))).rejects.toMatchObject({ code: 'aborted' });
  await expect(knowledge.whenIndexed('doc_none')).rejects.toMatchObject({ code: 'not_found' });
  const waited = expect(knowledge.whenIndexed(id)).rejects.toMatchObject({ code: 'shutting_down' });
  await systemClock.sleep(20);
  await knowledge.close();
  await waited;
});

test('[J13] a name is shown, never a path', async () => {
  const { start } = await room();
  expect((await start('../../etc/\u202epasswd\u0000', 'x y z')).name).toBe('passwd');
  expect((await start('C:\\temp\\report.txt', 'other words')).name).toBe('report.txt');
});

test('[J14] a parser that takes seconds leaves the node able to answer', async () => {
  const { start, knowledge } = await room();
  const { id } = await start('slow.html', slowFile());
  let longest = 0;
  let last = performance.now();
  for (let round = 0; round < 40; round += 1) {
    await systemClock.sleep(10);
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }
  expect(longest).toBeLessThan(600);
  await knowledge.delete(id);
});
