/**
 * The registry at 1,000,000 apps: `myriad app import`, the boot with all of them, and an app's first answer less model
 * time, through HTTP with everything on.
 *
 *   npm run bench -- registry [APPS=1000000]
 */
import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { createKey } from '../test/support/operator.ts';
import { emptyFolder, runCommand, startNode } from '../test/support/start-node.ts';
import { residentBytes } from './support/processes.ts';
import { writeResult } from './support/write-result.ts';

const apps = Number(process.argv[2] ?? 1_000_000);
const firstAnswers = 300;

const instructions =
  'Answer only from the policy and cite the clause. If the order is older than ninety days, hand over to a person. '.repeat(
    6,
  );
const manifestAt = (index: number) =>
  JSON.stringify({
    kind: 'App',
    name: `desk-${index}`,
    title: { en: `Desk ${index}`, zh: `柜台 ${index}` },
    description: {
      en: `Answers questions of department ${index % 977} about orders, returns and payments.`,
      zh: `解答第 ${index % 977} 部门关于订单、退货和付款的问题。`,
    },
    instructions,
    access: { use: ['everyone'], edit: [`group:team-${index % 500}`] },
    expose: ['chat', 'api'],
    budget: { amount: '40 USD', period: 'day', on_exceed: 'refuse' },
    kpi: { metric: 'refund_cycle_hours', goal: { direction: 'decrease', by: '15%', value: '3.20 USD per unit' } },
  });

const data = emptyFolder('registry');
const file = join(data, 'apps.ndjson');
const out = createWriteStream(file);
for (let index = 0; index < apps; index += 1) {
  if (!out.write(`${manifestAt(index)}\n`)) await new Promise((resume) => out.once('drain', resume));
}
await new Promise((resume) => out.end(resume));
const node = await startNode({ data, environment: { MYRIAD_LOG: 'error' } });
const imported = await runCommand(['app', 'import', file, '--data', data, '--json']);
const { imported: count, tookMs } = JSON.parse(imported.out) as { imported: number; tookMs: number };
await node.stop();

const begun = performance.now();
const again = await startNode({ data, environment: { MYRIAD_LOG: 'error' } });
const bootMs = performance.now() - begun;
await new Promise((wake) => setTimeout(wake, 3_000));
const bootRssMiB = Math.round(residentBytes(again.process.pid as number) / 2 ** 20);

const key = await createKey(again);
const agent = new Agent({ connections: 1 });
const latencies: number[] = [];
for (let at = 0; at < firstAnswers + 20; at += 1) {
  const name = `desk-${(at * 7919) % apps}`;
  const started = performance.now();
  const { statusCode, body } = await request(`${again.url}/v1/chat/completions`, {
    method: 'POST',
    dispatcher: agent,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: `app:${name}`, messages: [{ role: 'user', content: 'When?' }] }),
  });
  await body.text();
  if (statusCode !== 200) throw new Error(`${name} answered ${statusCode}`);
  if (at >= 20) latencies.push(performance.now() - started);
}
latencies.sort((left, right) => left - right);
const search = performance.now();
await request(`${again.url}/api/apps?search=${encodeURIComponent('退货 柜台')}&limit=20`, {
  headers: { authorization: `Bearer ${key}` },
}).then(({ body }) => body.text());
const figures = {
  apps: count,
  fileMiB: Math.round((await stat(file)).size / 2 ** 20),
  importSeconds: Math.round(tookMs / 100) / 10,
  bootMs: Math.round(bootMs),
  bootRssMiB,
  firstAnswerMs: { p50: latencies[latencies.length >> 1], p99: latencies[Math.floor(latencies.length * 0.99)] },
  chineseSearchMs: Math.round(performance.now() - search),
};
await agent.close();
await again.stop();
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
writeResult('registry', `npm run bench -- registry ${apps}`, figures);
