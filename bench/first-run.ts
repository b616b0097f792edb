/**
 * Start time and memory of a node, and the cost of a request through it beside the bare node:http proxy and the mock
 * itself, in one run: requests per second of the process's own CPU, medians of interleaved rounds.
 *
 *   npm run bench -- first-run
 */
import { Agent, request } from 'undici';
import { call, createKey } from '../test/support/operator.ts';
import { emptyFolder, startNode } from '../test/support/start-node.ts';
import { cpuSeconds, median, residentBytes, startScript } from './support/processes.ts';
import { writeResult } from './support/write-result.ts';

const rounds = 5;
const requestsPerRound = 1_500;
const concurrency = 16;

async function load(url: string, headers: Record<string, string>, body: string): Promise<void> {
  const agent = new Agent({ connections: concurrency, pipelining: 1 });
  let left = requestsPerRound;
  const worker = async () => {
    while (left-- > 0) {
      const { statusCode, body: answer } = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        dispatcher: agent,
      });
      const text = await answer.text();
      if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}: ${text.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  await agent.close();
}

const data = emptyFolder('bench');
const firstStart = await startNode({ data, environment: { MYRIAD_LOG: 'error' } });
const firstReadyMs = firstStart.readyMs;
await firstStart.stop();
const starts: number[] = [];
for (let at = 0; at < 3; at += 1) {
  const begun = performance.now();
  const started = await startNode({ data, environment: { MYRIAD_LOG: 'error' } });
  starts.push(performance.now() - begun);
  await started.stop();
}

const mock = await startScript('mock-upstream.ts');
const upstream = `http://127.0.0.1:${mock.port}`;
const bare = await startScript('bare-proxy.ts', upstream);
const node = await startNode({ data, environment: { MYRIAD_LOG: 'error' } });
// Idle: what the start left behind is given back some seconds after it.
await new Promise((wake) => setTimeout(wake, 10_000));
const idleRssBytes = residentBytes(node.process.pid as number);
const key = await createKey(node);
const attached = await call(node, 'POST /api/models', {
  body: {
    provider: 'vllm',
    model: 'mock',
    name: 'mock',
    baseUrl: `${upstream}/v1`,
    capabilities: ['chat', 'generate'],
    concurrency: 256,
  },
});
if (attached.status !== 201) throw new Error(JSON.stringify(attached.body));

const targets: readonly { name: string; pid: number; url: string; headers: Record<string, string> }[] = [
  { name: 'mock', pid: mock.pid, url: `${upstream}/v1/chat/completions`, headers: {} },
  { name: 'bareProxy', pid: bare.pid, url: `http://127.0.0.1:${bare.port}/v1/chat/completions`, headers: {} },
  {
    name: 'myriad',
    pid: node.process.pid as number,
    url: `${node.url}/v1/chat/completions`,
    headers: { authorization: `Bearer ${key}` },
  },
];
const microsPerRequest: Record<string, number[]> = {};
for (const stream of [false, true]) {
  const body = JSON.stringify({ model: 'mock', messages: [{ role: 'user', content: 'Say something short.' }], stream });
  for (let round = -1; round < rounds; round += 1) {
    for (const target of targets) {
      const before = cpuSeconds(target.pid);
      await load(target.url, target.headers, body);
      const used = ((cpuSeconds(target.pid) - before) / requestsPerRound) * 1e6;
      const lane = `${target.name}${stream ? 'Streamed' : 'Plain'}`;
      if (round >= 0) microsPerRequest[lane] = [...(microsPerRequest[lane] ?? []), used];
    }
  }
}
const cost = Object.fromEntries(
  Object.entries(microsPerRequest).map(([lane, values]) => [lane, Math.round(median(values))]),
);
const figures = {
  firstStartMs: Math.round(firstReadyMs),
  laterStartMs: Math.round(median(starts)),
  idleRssMiB: Math.round(idleRssBytes / 2 ** 20),
  rssAfterLoadMiB: Math.round(residentBytes(node.process.pid as number) / 2 ** 20),
  cpuMicrosPerRequest: cost,
  requestsPerCpuSecond: Object.fromEntries(
    Object.entries(cost).map(([lane, micros]) => [lane, Math.round(1e6 / micros)]),
  ),
  timesBareProxy: {
    plain: (cost.myriadPlain ?? Number.NaN) / (cost.bareProxyPlain ?? 1),
    streamed: (cost.myriadStreamed ?? Number.NaN) / (cost.bareProxyStreamed ?? 1),
  },
};
await node.stop();
mock.child.kill();
bare.child.kill();
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
writeResult('first-run', 'npm run bench -- first-run', figures);
