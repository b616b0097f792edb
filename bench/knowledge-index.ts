/**
 * How fast text is parsed, split and segmented by one parser process, end to end through the front door into a store in
 * memory, and how much memory node and parser take meanwhile.
 *
 *   node bench/knowledge-index.ts [--megabytes 10] [--json]
 *
 * The text is made of the sentences in `bench/knowledge/documents`, shuffled and numbered, so that dictionary and stems
 * meet a vocabulary of real words. `megabytesPerCpuSecond` is the parser's work alone, in processor time of all its
 * threads; `endToEndMegabytesPerSecond` is by the wall clock with process start, pipe and store, on a machine that may be
 * doing other things.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock, systemRandom } from '../packages/contracts/src/index.ts';
import { createKnowledge } from '../packages/knowledge/src/index.ts';
import { readDocument } from '../packages/knowledge/src/jobs/read-document.ts';
import { makePdf } from '../packages/knowledge/src/testing/make-pdf.ts';
import { createMemoryStore } from '../packages/knowledge/src/testing/memory-store.ts';

const { values } = parseArgs({
  options: { megabytes: { type: 'string', default: '10' }, json: { type: 'boolean', default: false } },
});
const wantedBytes = Number(values.megabytes) * 1_000_000;
const folder = join(import.meta.dirname, 'knowledge', 'documents');
const sentences = readdirSync(folder).flatMap((name) =>
  readFileSync(join(folder, name), 'utf8')
    .split(/\n+|(?<=[.。])\s*/)
    .filter((line) => line.length > 12 && !/[|#]/.test(line)),
);

/** Text of one language, in paragraphs of six sentences; seeded, so that each run reads the same. */
function makeText(chinese: boolean, bytes: number): string {
  const own = sentences.filter((sentence) => /\p{Script=Han}/u.test(sentence) === chinese);
  const parts: string[] = [];
  let seed = 12_345;
  for (let length = 0, line = 0; length < bytes; line += 1) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const sentence = own[seed % own.length]!;
    parts.push(sentence, line % 7 === 6 ? '\n\n' : chinese ? '' : ` ${line}. `);
    length += Buffer.byteLength(sentence) + 1;
    if (line % 70 === 69) parts.push(`## ${sentence.slice(0, 20)} ${line}\n\n`);
  }
  return parts.join('');
}

const megabyte = 1024 * 1024;
const round = (value: number) => Math.round(value * 100) / 100;
const rssMegabytes = () => Math.round(process.memoryUsage.rss() / megabyte);

async function measure(name: string, bytes: Uint8Array) {
  // Once in this process without store and pipe, after a warm-up for dictionary and compiler.
  const job = { documentId: 'doc_x', name, mediaType: null, sizeBytes: bytes.length };
  for await (const _ of readDocument(job, bytes.slice(0, name.endsWith('pdf') ? bytes.length : 300_000)));
  const startedCpu = process.cpuUsage();
  let passages = 0;
  let characters = 0;
  for await (const answer of readDocument(job, bytes.slice())) {
    if (answer.kind === 'passages') passages += answer.passages.length;
    if (answer.kind === 'text') characters += answer.text.length;
    if (answer.kind === 'failed') throw new Error(answer.reason);
  }
  const { user, system } = process.cpuUsage(startedCpu);

  const knowledge = createKnowledge({
    store: createMemoryStore(),
    clock: systemClock,
    random: systemRandom,
    limits: { parseMs: 120_000, parseMemoryBytes: 512 * megabyte, uploadBytes: 400 * megabyte },
    workers: 1,
  });
  const { id: collectionId } = await knowledge.ensureCollection({ name: 'library:x', ownerId: 'x', readers: [] });
  const begun = performance.now();
  let longestPauseMs = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    longestPauseMs = Math.max(longestPauseMs, performance.now() - last - 5);
    last = performance.now();
  }, 5);
  const { id } = await knowledge.add({ collectionId, name, content: bytes, addedBy: 'x' });
  const document = await knowledge.whenIndexed(id);
  clearInterval(timer);
  const endToEndMs = performance.now() - begun;
  await knowledge.close();
  if (document.status !== 'ready') throw new Error(document.reason ?? '');
  return {
    megabytes: round(bytes.length / 1e6),
    millionCharacters: round(characters / 1e6),
    passages,
    megabytesPerCpuSecond: round(bytes.length / (user + system)),
    endToEndMegabytesPerSecond: round(bytes.length / 1e3 / endToEndMs),
    longestPauseOfNodeMs: Math.round(longestPauseMs),
    nodeRssMegabytes: rssMegabytes(),
  };
}

const pdfPages = Array.from({ length: 300 }, (_, page) =>
  Array.from({ length: 45 }, (_, line) => ({
    text: sentences.filter((sentence) => !/[^ -~]/.test(sentence))[(page * 45 + line) % 90]!.slice(0, 90),
    x: 50,
    y: 800 - line * 16,
  })),
);
const results = {
  english: await measure('english.md', Buffer.from(makeText(false, wantedBytes))),
  chinese: await measure('chinese.md', Buffer.from(makeText(true, wantedBytes))),
  pdf300Pages: await measure('report.pdf', makePdf(pdfPages)),
};
if (values.json) console.log(JSON.stringify(results, null, 2));
else console.table(results);
mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
writeFileSync(join(import.meta.dirname, 'results', 'knowledge-index.json'), `${JSON.stringify(results, null, 2)}\n`);
