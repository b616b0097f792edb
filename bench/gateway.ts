/**
 * The gateway beside the bare node:http proxy and Portkey, in one run: lanes named as the public bench names them, rounds
 * interleaved, medians and ratios. The mock model server, each gateway and this load generator are processes of their own.
 *
 *   npm run bench -- gateway [perf|stream|governed|xlate|matrix|memory …]
 */
import { call, createKey } from '../test/support/operator.ts';
import { startNode } from '../test/support/start-node.ts';
import { closedLoop, openLoop, type Target } from './support/load.ts';
import { portkeyVersion, startPortkey } from './support/portkey.ts';
import { cpuSeconds, median, percentile, residentBytes, startScript } from './support/processes.ts';
import { writeResult } from './support/write-result.ts';

const lanes = ['perf', 'stream', 'governed', 'xlate', 'matrix', 'memory'];
const wanted = process.argv.slice(2).filter((name) => lanes.includes(name));
const runs = (lane: string) => wanted.length === 0 || wanted.includes(lane);
const rounds = 5;
const requestsPerRound = 1_000;

const mock = await startScript('mock-upstream.ts');
const upstream = `http://127.0.0.1:${mock.port}`;
const bare = await startScript('bare-proxy.ts', upstream);
const portkey = await startPortkey();
const node = await startNode({ environment: { MYRIAD_LOG: 'error' } });
// Whatever ends the bench ends what it started.
process.once('exit', () => {
  for (const each of [mock.child, bare.child, portkey?.child, node.process]) each?.kill();
});
const nodePid = node.process.pid as number;
const key = await createKey(node);

async function must(route: string, body: unknown): Promise<void> {
  const answer = await call(node, route, { body });
  if (answer.status >= 300) throw new Error(`${route}: ${JSON.stringify(answer.body)}`);
}
const price = {
  currency: 'USD',
  inputMicrosPerMillion: 1_000_000,
  outputMicrosPerMillion: 2_000_000,
  source: 'bench',
  date: '2026-01-01',
};
for (const model of ['mock', 'paced'])
  await must('POST /api/models', {
    provider: 'vllm',
    model,
    name: model,
    baseUrl: `${upstream}/v1`,
    capabilities: model === 'mock' ? ['chat', 'generate'] : ['chat'],
    concurrency: 1_024,
    price,
  });
await must('POST /api/apps', {
  source:
    'kind: App\nname: governed\ndescription: x\ninstructions: Answer.\nmodel: {capabilities: [generate], maxOutputTokens: 64}\naccess: {use: [everyone]}\nexpose: [api]\nbudget: {amount: 100000 USD, period: day, on_exceed: refuse}\nlimits: {requests_per_minute: 10000000, tokens_per_minute: 1000000000, parallel: 2000}\n',
});
await must('POST /api/apps/governed/publish', {});

interface Side {
  readonly name: string;
  readonly pid: number;
  readonly target: Target;
}
const message = { role: 'user', content: 'Say something short.' };
const chat = (model: string, stream: boolean, content = message.content) =>
  JSON.stringify({ model, messages: [{ ...message, content }], stream });
const auth = { authorization: `Bearer ${key}` };
const mine = (path: string, body: string): Side => ({
  name: 'myriad',
  pid: nodePid,
  target: { origin: node.url, path, headers: auth, body },
});
/** The same request through each side; `own` is what Myriad is asked when that is not the same. */
function sides(body: string, own: Side = mine('/v1/chat/completions', body)): readonly Side[] {
  const path = '/v1/chat/completions';
  const at = (port: number, headers: Record<string, string>) => ({
    origin: `http://127.0.0.1:${port}`,
    path,
    headers,
    body,
  });
  const peer = { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': `${upstream}/v1`, authorization: 'Bearer x' };
  return [
    { name: 'mock', pid: mock.pid, target: at(mock.port, {}) },
    { name: 'bareProxy', pid: bare.pid, target: at(bare.port, {}) },
    ...(portkey ? [{ name: 'portkey', pid: portkey.pid, target: at(portkey.port, peer) }] : []),
    own,
  ];
}

const rounded = (value: number) => Math.round(value * 100) / 100;

/** CPU of each side's process a request, in µs: medians of interleaved rounds after one that warms up. */
async function cpuOf(all: readonly Side[]): Promise<Record<string, number>> {
  const micros: Record<string, number[]> = {};
  for (let round = -1; round < rounds; round += 1) {
    for (const { name, pid, target } of all) {
      const before = cpuSeconds(pid);
      await closedLoop(target, requestsPerRound, 16);
      if (round >= 0) {
        micros[name] ??= [];
        micros[name].push(((cpuSeconds(pid) - before) / requestsPerRound) * 1e6);
      }
    }
  }
  return Object.fromEntries(Object.entries(micros).map(([name, values]) => [name, Math.round(median(values))]));
}

const timesBare = (cpu: Record<string, number>) => rounded((cpu.myriad ?? Number.NaN) / (cpu.bareProxy ?? 1));
const timesPeer = (cpu: Record<string, number>) =>
  cpu.portkey === undefined ? null : rounded(cpu.portkey / (cpu.myriad ?? 1));

/** What each side adds to the mock's own times at a rate, in ms: medians over rounds of each round's percentiles. */
async function addedOf(all: readonly Side[], ratePerSecond: number, requests: number) {
  const seen: Record<
    string,
    { first50: number[]; first99: number[]; total50: number[]; total99: number[]; gap99: number[] }
  > = {};
  for (let round = -1; round < 3; round += 1) {
    for (const { name, target } of all) {
      const timed = await openLoop(target, ratePerSecond, requests);
      if (round < 0) continue;
      seen[name] ??= { first50: [], first99: [], total50: [], total99: [], gap99: [] };
      const firsts = timed.map(({ firstMs }) => firstMs);
      const totals = timed.map(({ totalMs }) => totalMs);
      seen[name].first50.push(percentile(firsts, 0.5));
      seen[name].first99.push(percentile(firsts, 0.99));
      seen[name].total50.push(percentile(totals, 0.5));
      seen[name].total99.push(percentile(totals, 0.99));
      seen[name].gap99.push(
        percentile(
          timed.map(({ longestGapMs }) => longestGapMs),
          0.99,
        ),
      );
    }
  }
  const direct = seen.mock;
  return Object.fromEntries(
    Object.entries(seen)
      .filter(([name]) => name !== 'mock')
      .map(([name, values]) => [
        name,
        Object.fromEntries(
          (Object.keys(values) as (keyof typeof values)[]).map((figure) => [
            `${figure}AddedMs`,
            rounded(median(values[figure]) - median(direct?.[figure] ?? [0])),
          ]),
        ),
      ]),
  );
}

const figures: Record<string, unknown> = { portkey: portkey ? portkeyVersion : 'not installed: no figure beside it' };
const note = (lane: string, value: unknown) => {
  figures[lane] = value;
  process.stdout.write(`${lane} ${JSON.stringify(value, null, 1)}\n`);
};

if (runs('perf')) {
  const all = sides(chat('mock', false));
  const cpuMicros = await cpuOf(all);
  const addedAtRate20 = await addedOf(all, 20, 60);
  note('perf', { cpuMicros, timesBare: timesBare(cpuMicros), timesPortkeysRate: timesPeer(cpuMicros), addedAtRate20 });
}
if (runs('stream')) {
  const cpuMicros = await cpuOf(sides(chat('mock', true)));
  const paced = sides(chat('paced', true)).filter(({ name }) => name !== 'portkey' || portkey);
  const cpuBefore = new Map(paced.map(({ name, pid }) => [name, cpuSeconds(pid)]));
  const pacedAdded = await addedOf(paced, 60, 120);
  const streams = 4 * 120;
  const microsPerChunk = Object.fromEntries(
    paced.map(({ name, pid }) => [
      name,
      rounded(((cpuSeconds(pid) - (cpuBefore.get(name) as number)) * 1e6) / streams / 35),
    ]),
  );
  note('stream', {
    cpuMicros,
    timesBare: timesBare(cpuMicros),
    timesPortkeysRate: timesPeer(cpuMicros),
    paced: { streamsAtOnce: 45, microsPerChunk, added: pacedAdded },
  });
}
if (runs('governed')) {
  const all = sides(chat('mock', false), mine('/v1/chat/completions', chat('app:governed', false)));
  const cpuMicros = await cpuOf(all);
  const addedAtRate100 = await addedOf(all, 100, 200);
  note('governed', {
    cpuMicros,
    timesBare: timesBare(cpuMicros),
    timesPortkeysRate: timesPeer(cpuMicros),
    addedAtRate100,
  });
}
const messages = (stream: boolean) => JSON.stringify({ model: 'mock', max_tokens: 64, messages: [message], stream });
const responses = (stream: boolean) => JSON.stringify({ model: 'mock', input: message.content, stream });
if (runs('xlate')) {
  const all = sides(chat('mock', false), mine('/v1/messages', messages(false)));
  const cpuMicros = await cpuOf(all.filter(({ name }) => name === 'bareProxy' || name === 'myriad'));
  note('xlate', { what: 'Anthropic Messages in, OpenAI chat out', cpuMicros, timesBare: timesBare(cpuMicros) });
}
if (runs('matrix')) {
  const cells: Record<string, number | undefined> = {};
  for (const stream of [false, true])
    for (const [name, path, body] of [
      ['chat', '/v1/chat/completions', chat('mock', stream)],
      ['messages', '/v1/messages', messages(stream)],
      ['responses', '/v1/responses', responses(stream)],
      ['app', '/v1/chat/completions', chat('app:governed', stream)],
    ] as const)
      cells[`${name}${stream ? 'Streamed' : 'Plain'}`] = (await cpuOf([mine(path, body)])).myriad;
  note('matrix', { cpuMicros: cells });
}
if (runs('memory')) {
  const idle = residentBytes(nodePid);
  const large = sides(chat('mock', false, 'word '.repeat(30_000)));
  const mib: Record<string, number> = {};
  for (const { name, pid, target } of large) {
    const before = residentBytes(pid);
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, residentBytes(pid));
    }, 20);
    await closedLoop(target, 600, 16);
    clearInterval(watch);
    mib[name] = Math.round((most - before) / 2 ** 20);
  }
  const small = mine('/v1/chat/completions', chat('paced', true));
  const alone = await openLoop(small.target, 20, 40);
  const big = mine('/v1/chat/completions', chat('mock', false, 'word '.repeat(200_000)));
  const [beside] = await Promise.all([openLoop(small.target, 20, 40), openLoop(big.target, 2, 4)]);
  const gap = (timed: typeof alone) =>
    rounded(
      percentile(
        timed.map(({ longestGapMs }) => longestGapMs),
        0.99,
      ),
    );
  await new Promise((resolve) => setTimeout(resolve, 60_000));
  note('memory', {
    bodyBytes: 150_000,
    mostAboveIdleMiB: mib,
    idleMiB: Math.round(idle / 2 ** 20),
    aMinuteLaterMiB: Math.round(residentBytes(nodePid) / 2 ** 20),
    smallStreamsLongestGapP99Ms: { alone: gap(alone), besideOneMegabyte: gap(beside) },
  });
}

await node.stop();
// A part of the lanes is for a look, not for the record.
if (wanted.length === 0) writeResult('gateway', 'npm run bench -- gateway', figures);
