/**
 * What the apps room itself costs, with its neighbours in memory: the path of a run less model, store and scheduler;
 * checking a manifest from YAML and from plain data; preparing apps for an import; authorising and knowing a key.
 * Run: `node bench/apps.ts`. Writes bench/results/apps.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { validateManifest } from '@myriad/apps';
import { authorize } from '@myriad/org';
import { saying } from '../packages/apps/test/memory-house.ts';
import { manifest, mei, openHouse } from '../packages/apps/test/open-house.ts';

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly p50: number;
  readonly p99: number;
}

const round = (value: number) => Number(value.toPrecision(3));

/** Times a task many times, after a warm-up, and keeps the middle and the worst hundredth. */
async function measure(name: string, times: number, task: (index: number) => unknown): Promise<Figure> {
  for (let index = 0; index < Math.min(500, times); index += 1) await task(index);
  const tookUs = new Float64Array(times);
  for (let index = 0; index < times; index += 1) {
    const began = performance.now();
    await task(index);
    tookUs[index] = (performance.now() - began) * 1_000;
  }
  tookUs.sort();
  const at = (share: number) => round(tookUs[Math.min(times - 1, Math.floor(times * share))] as number);
  return { name, unit: 'µs', p50: at(0.5), p99: at(0.99) };
}

const source = manifest(
  'title: {en: Front desk, zh: 前台}',
  'tools: [{tool: calculator}, {tool: current_time}]',
  'kpi: {metric: m, experiment: {holdout: 10%}}',
);
const house = openHouse({ scripts: [saying('Good morning. How can I help?')] });
const app = await house.publish(source);
const person = {
  id: 'per_mei',
  name: 'Mei',
  email: 'mei@example.org',
  role: 'member',
  groups: ['staff'],
  disabled: false,
  createdAt: 0,
  lastSeenAt: null,
} as const;
const subject = { kind: 'person', person, sessionId: 's' } as const;
const object = { type: 'app', id: app.id, use: ['group:staff'] } as const;

const figures: Figure[] = [
  await measure('a run with assignment, tools offered, streamed', 5_000, async (index) => {
    for await (const _event of house.apps.run({
      app,
      caller: mei,
      surface: 'openai',
      unit: `user-${index}`,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
      stream: true,
      signal: new AbortController().signal,
    })) {
      // The reader does nothing: the room's own cost is measured.
    }
    house.kernel.begun.length = 0;
    house.kernel.calls.length = 0;
    house.kernel.settled.length = 0;
  }),
  await measure('a manifest checked and compiled from YAML', 2_000, () => validateManifest(source)),
  await measure('authorize', 50_000, () => authorize(subject, 'app.use', object)),
];

async function* lines(count: number) {
  for (let index = 0; index < count; index += 1) {
    yield JSON.stringify({ kind: 'App', name: `app-${index}`, description: 'd', instructions: 'i' });
  }
}
const importing = openHouse();
importing.store.apps.importMany = async (rows) => rows.length;
await importing.apps.importMany(lines(5_000), mei);
const began = process.cpuUsage();
const count = 100_000;
await importing.apps.importMany(lines(count), mei);
const spent = process.cpuUsage(began);
const perSecond = Math.round(count / ((spent.user + spent.system) / 1_000_000));

const result = {
  machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
  figures,
  importPrepared: {
    name: 'apps prepared for an import, store not counted',
    unit: 'a second of processor',
    value: perSecond,
  },
};
const folder = join(import.meta.dirname, 'results');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'apps.json'), `${JSON.stringify(result, null, 2)}\n`);
console.log(JSON.stringify(result, null, 2));
