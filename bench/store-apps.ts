/**
 * The registry with 1,000,000 apps on SQLite: registering them, starting with them, and what a page costs then.
 * `node bench/store-apps.ts [apps]`
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppRecord, type AppVersion, systemClock } from '@myriad/contracts';
import { openStore } from '@myriad/store';
import { sampleApp, sampleManifest, sampleVersion } from '@myriad/store/exam-samples';

const count = Number(process.argv[2]) || 1_000_000;
const batchSize = 5_000;
const data = mkdtempSync(join(tmpdir(), 'myriad-bench-apps-'));
const seconds = (from: number) => Math.round(performance.now() - from) / 1_000;
const megabytes = (bytes: number) => Math.round(bytes / 1e6);

const subjects = ['sales', 'legal', 'finance', 'support', 'design', 'travel', 'recruiting', 'quality', 'logistics'];
const acts = ['summarises', 'translates', 'checks', 'drafts', 'answers questions about', 'classifies'];
const subjectsZh = ['销售', '法务', '财务', '客服', '设计', '差旅', '招聘', '质量', '物流'];
const actsZh = ['总结', '翻译', '审查', '起草', '问答', '分类'];
const instructions = 'Answer from the documents given, quote them exactly, and say when nothing fits. '.repeat(9);

function row(index: number): { readonly app: AppRecord; readonly version: AppVersion } {
  const subject = index % subjects.length;
  const act = Math.floor(index / 9) % acts.length;
  const id = `app_${String(index).padStart(26, '0')}`;
  const name = `${subjects[subject]}-${index.toString(36)}`;
  const title = { en: `${subjects[subject]} ${acts[act]} ${index}`, zh: `${subjectsZh[subject]}${actsZh[act]}助手` };
  const description = {
    en: `An app that ${acts[act]} ${subjects[subject]} documents for team ${index % 5_000}.`,
    zh: `为第${index % 5_000}组${actsZh[act]}${subjectsZh[subject]}文件。`,
  };
  const use = [index % 50 === 0 ? 'everyone' : `group:team-${index % 5_000}`];
  const hash = index.toString(16).padStart(64, '0');
  const edit = [`person:per_${index % 20_000}`];
  const manifest = sampleManifest({ name, title, description, access: { use, edit }, instructions });
  const version = sampleVersion(id, 1, { hash, manifest, source: `name: ${name}\ntitle: ${title.en}\n` });
  const app = sampleApp({
    id,
    name,
    titleEn: title.en,
    titleZh: title.zh,
    descriptionEn: description.en,
    descriptionZh: description.zh,
    use,
    edit,
    currentVersion: hash,
    versionNumber: 1,
    builtin: index % 100_000 === 0,
  });
  return { app, version };
}

const bootFlag = process.argv.indexOf('--boot');
const open = (folder = data) => openStore({ data: folder, database: 'sqlite', clock: systemClock });
if (bootFlag > 0) {
  // A process of its own: what a start with this data costs, in time and memory.
  const from = performance.now();
  const booted = await open(process.argv[bootFlag + 1]);
  await booted.apps.list({ tenant: 'default', limit: 50 });
  const bootSeconds = seconds(from);
  await booted.apps.count('default');
  console.log(JSON.stringify({ bootSeconds, bootRssMegabytes: megabytes(process.memoryUsage.rss()) }));
  await booted.close();
  rmSync(data, { recursive: true });
  process.exit();
}
const result: Record<string, unknown> = { apps: count, manifestBytes: JSON.stringify(row(1).version.manifest).length };

let store = await open();
const started = performance.now();
const cpuBefore = process.cpuUsage();
const pending: Promise<number>[] = [];
for (let start = 0; start < count; start += batchSize) {
  const rows = Array.from({ length: Math.min(batchSize, count - start) }, (_, index) => row(start + index));
  pending.push(store.apps.importMany(rows));
  // Two batches on their way: one is made while the other is written.
  if (pending.length === 2) await pending.shift();
  if ((start / batchSize) % 100 === 0) process.stderr.write(`${start} ${seconds(started)} s\n`);
}
await Promise.all(pending);
result.importSeconds = seconds(started);
const cpu = process.cpuUsage(cpuBefore);
result.importCpuSeconds = Math.round((cpu.user + cpu.system) / 1e4) / 100;
result.loadAverage = loadavg()[0];
const closing = performance.now();
await store.close();
result.closeSeconds = seconds(closing);
result.databaseMegabytes = megabytes(statSync(join(data, 'myriad.db')).size);

const booted = spawnSync(process.execPath, [import.meta.filename, '--boot', data], { encoding: 'utf8' });
Object.assign(result, JSON.parse(booted.stdout));
store = await open();
result.registered = await store.apps.count('default');

async function quantiles(times: number, work: (index: number) => Promise<unknown>) {
  const took: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const from = performance.now();
    await work(index);
    took.push(performance.now() - from);
  }
  took.sort((left, right) => left - right);
  const at = (share: number) => Math.round((took[Math.floor(took.length * share)] ?? 0) * 1_000) / 1_000;
  return { p50Ms: at(0.5), p99Ms: at(0.99) };
}

const somewhere = (index: number) => (index * 7_919 * 31) % count;
const member = ['everyone', 'person:per_77', 'group:team-1234', 'group:team-77', 'group:team-4001'];
const { apps } = store;
const tenant = 'default';
result.byId = await quantiles(2_000, (index) => apps.byId(row(somewhere(index)).app.id));
result.byName = await quantiles(2_000, (index) => apps.byName(tenant, row(somewhere(index)).app.name));
result.version = await quantiles(2_000, (index) => {
  const { app, version } = row(somewhere(index));
  return apps.version(app.id, version.hash);
});
result.firstPage = await quantiles(200, () => apps.list({ tenant }));
result.memberPage = await quantiles(200, () => apps.list({ tenant, principals: member }));
result.builtinPage = await quantiles(200, () => apps.list({ tenant, builtin: true }));
result.searchRare = await quantiles(100, (index) => apps.list({ tenant, search: row(index * 90).app.name }));
result.searchBroadChinese = await quantiles(20, () => apps.list({ tenant, search: '法务审查', principals: member }));
result.searchBroadEnglish = await quantiles(20, () => apps.list({ tenant, search: 'legal checks' }));
result.count = await quantiles(20, () => apps.count(tenant));
await store.close();
rmSync(data, { recursive: true });

mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
writeFileSync(join(import.meta.dirname, 'results', 'store-apps.json'), `${JSON.stringify(result, null, 2)}\n`);
console.log(JSON.stringify(result, null, 2));
