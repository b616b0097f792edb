/**
 * The drive at a million files: a page of a folder over HTTP in every order, the first and far ones, and resumable uploads
 * beside what the same disk takes from one program that only writes and syncs.
 *
 *   npm run bench -- drive [FILES=1000000] [UPLOAD_MIB=512]
 */
import { randomBytes } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { emptyFolder, startNode } from '../test/support/start-node.ts';
import { residentBytes } from './support/processes.ts';
import { writeResult } from './support/write-result.ts';

const files = Number(process.argv[2] ?? 1_000_000);
const uploadMiB = Number(process.argv[3] ?? 512);
const longFolder = Math.min(200_000, Math.floor(files / 5));
const perFolder = 1_000;

const data = emptyFolder('drive');
const first = await startNode({ data, environment: { MYRIAD_LOG: 'error' } });
const operator = { authorization: `Bearer ${first.operatorToken}` };
const drives = (await (await fetch(`${first.url}/api/drive`, { headers: operator })).json()) as {
  house: { id: string; rootId: string };
};
await first.stop();

const begun = performance.now();
const Database = createRequire(join(import.meta.dirname, '../packages/store/package.json'))('better-sqlite3');
const database = new Database(join(data, 'myriad.db'));
const insert = database.prepare(
  `insert into "driveNode" ("id", "driveId", "parentId", "kind", "rank", "name", "sortName", "sortType", "mediaType",
    "sizeBytes", "contentHash", "version", "createdAt", "createdBy", "updatedAt", "updatedBy", "notIndexed")
   values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'system', ?, 'system', ?)`,
);
const endings = ['pdf', 'docx', 'jpg', 'md', 'csv'];
const { id: driveId, rootId } = drives.house;
const folders = Array.from({ length: Math.ceil((files - longFolder) / perFolder) }, (_, at) => `nod_f${at}`);
database.transaction(() => {
  const add = (id: string, parentId: string, name: string, at: number, isFolder: boolean) => {
    const ending = name.split('.').at(-1) ?? '';
    const sorted = name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, '0'));
    const size = isFolder ? 0 : (at * 7919) % 10_000_000;
    const time = 1_700_000_000_000 + ((at * 104_729) % 30_000_000_000);
    const hash = isFolder ? null : `${at}`.padStart(64, '0');
    insert.run(
      id,
      driveId,
      parentId,
      isFolder ? 'folder' : 'file',
      isFolder ? 0 : 1,
      name,
      sorted,
      `${ending}/${sorted}`,
      '',
      size,
      hash,
      isFolder ? 0 : 1,
      time,
      time,
      isFolder ? null : 'Made for a bench.',
    );
  };
  add('nod_long', rootId, 'long', 0, true);
  for (const [at, id] of folders.entries()) add(id, rootId, `Folder ${at}`, at, true);
  for (let at = 0; at < files; at += 1) {
    const parent = at < longFolder ? 'nod_long' : (folders[Math.floor((at - longFolder) / perFolder)] as string);
    add(`nod_${String(at).padStart(9, '0')}`, parent, `Report ${at} 年度.${endings[at % 5]}`, at, false);
  }
})();
database.exec('analyze');
database.close();
const filledSeconds = Math.round((performance.now() - begun) / 100) / 10;

const node = await startNode({ data, environment: { MYRIAD_LOG: 'error' } });
const headers = { authorization: `Bearer ${node.operatorToken}` };
const agent = new Agent({ connections: 1 });
const times: number[] = [];
const page = async (folder: string, query: string): Promise<string | null> => {
  const started = performance.now();
  const { body, statusCode } = await request(`${node.url}/api/drive/folders/${folder}?limit=100${query}`, {
    dispatcher: agent,
    headers,
  });
  const answer = (await body.json()) as { nextCursor: string | null; items: unknown[] };
  times.push(performance.now() - started);
  if (statusCode !== 200 || answer.items.length === 0) throw new Error(`${folder} answered ${statusCode}`);
  return answer.nextCursor;
};
for (let at = 0; at < 20; at += 1) await page('nod_long', '');
times.length = 0;
for (const sort of ['name', 'time', 'size', 'type']) {
  for (const order of ['asc', 'desc']) {
    let cursor: string | null = null;
    for (let at = 0; at < 40; at += 1)
      cursor = await page('nod_long', `&sort=${sort}&order=${order}${cursor ? `&cursor=${cursor}` : ''}`);
    for (let at = 0; at < 20; at += 1)
      await page(folders[(at * 37) % folders.length] as string, `&sort=${sort}&order=${order}`);
  }
}
times.sort((left, right) => left - right);
const listingMs = {
  p50: Math.round((times[times.length >> 1] ?? 0) * 10) / 10,
  p95: Math.round((times[Math.floor(times.length * 0.95)] ?? 0) * 10) / 10,
  pages: times.length,
};

/** Megabytes a second of a program that does nothing but write and sync. */
async function writeRaw(chunk: Buffer): Promise<number> {
  const path = join(data, 'raw.bin');
  const started = performance.now();
  const file = await open(path, 'w');
  for (let at = 0; at < uploadMiB; at += 1) await file.write(chunk);
  await file.sync();
  await file.close();
  const seconds = (performance.now() - started) / 1000;
  await rm(path);
  return uploadMiB / seconds;
}

async function upload(chunk: Buffer, name: string): Promise<number> {
  const begin = await request(`${node.url}/api/drive/uploads`, {
    method: 'POST',
    dispatcher: agent,
    headers: {
      ...headers,
      'tus-resumable': '1.0.0',
      'upload-length': String(uploadMiB * 2 ** 20),
      'upload-metadata': `filename ${btoa(name)},parent ${btoa(rootId)}`,
    },
  });
  await begin.body.text();
  const started = performance.now();
  async function* bytes() {
    for (let at = 0; at < uploadMiB; at += 1) yield chunk;
  }
  const sent = await request(`${node.url}${begin.headers.location}`, {
    method: 'PATCH',
    dispatcher: agent,
    headers: {
      ...headers,
      'tus-resumable': '1.0.0',
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
      'content-length': String(uploadMiB * 2 ** 20),
    },
    body: bytes() as never,
  });
  await sent.body.text();
  if (sent.statusCode !== 204) throw new Error(`the upload answered ${sent.statusCode}`);
  return uploadMiB / ((performance.now() - started) / 1000);
}

const ratios: { rawMiBs: number; uploadMiBs: number; ratio: number }[] = [];
for (let round = 0; round < 3; round += 1) {
  const chunk = randomBytes(2 ** 20);
  const rawMiBs = Math.round(await writeRaw(chunk));
  const uploadMiBs = Math.round(await upload(chunk, `upload ${round}.bin`));
  ratios.push({ rawMiBs, uploadMiBs, ratio: Math.round((uploadMiBs / rawMiBs) * 100) / 100 });
}
const figures = {
  files,
  filesInTheLongFolder: longFolder,
  filledSeconds,
  listingMs,
  upload: { mebibytes: uploadMiB, rounds: ratios },
  rssMiBAfterUploads: Math.round(residentBytes(node.process.pid as number) / 2 ** 20),
};
await agent.close();
await node.stop();
await rm(data, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
writeResult('drive', `npm run bench -- drive ${files} ${uploadMiB}`, figures);
