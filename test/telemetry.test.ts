/** Traces of runs, as a receiver of OTLP/HTTP gets them from a real node. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attachModels } from './support/attach-models.ts';
import { call } from './support/operator.ts';
import { type OtlpReceiver, startOtlpReceiver } from './support/otlp-receiver.ts';
import { emptyFolder, type RunningNode, startNode } from './support/start-node.ts';
import { startUpstream, type Upstream, upstreamUsage } from './support/upstream.ts';

let upstream: Upstream;
let receiver: OtlpReceiver;
let node: RunningNode;

const traceId = (digit: string) => digit.repeat(32);
const callerSpan = 'b7ad6b7169203331';
const ask = (on: RunningNode, model: string, content: string, headers: Record<string, string> = {}, more = {}) =>
  call(on, 'POST /v1/chat/completions', {
    headers,
    body: { model, messages: [{ role: 'user', content }], ...more },
  });
const ofTrace = (id: string) => receiver.spans.filter((span) => span.traceId === id);

beforeAll(async () => {
  upstream = await startUpstream();
  receiver = await startOtlpReceiver();
  const data = emptyFolder();
  writeFileSync(
    join(data, 'myriad.yaml'),
    `telemetry: {endpoint: "${receiver.url}", headers: {authorization: "env:TRACE_KEY"}, serviceName: myriad-test}\n`,
  );
  node = await startNode({ data, environment: { TRACE_KEY: 'Bearer receiver-key' } });
  await attachModels(node, upstream, ['scripted', 'wrong-key', 'leaky']);
});
afterAll(async () => {
  await node?.stop();
  await upstream?.close();
  await receiver?.close();
});

test('[K130] a run and its model call continue the caller’s trace, and the model server is told of it', async () => {
  const traceparent = `00-${traceId('1')}-${callerSpan}-01`;
  expect((await ask(node, 'scripted', 'My secret plan.', { traceparent, tracestate: 'v=1' })).status).toBe(200);
  await receiver.until(() => ofTrace(traceId('1')).length === 2);
  const [run, chat] = ['model access', 'chat scripted'].map((name) =>
    ofTrace(traceId('1')).find((span) => span.name === name),
  );
  expect(run).toMatchObject({ parentSpanId: callerSpan, kind: 2 });
  expect(chat).toMatchObject({ parentSpanId: run?.spanId, kind: 3 });
  expect(chat?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'vllm',
    'gen_ai.request.model': 'scripted',
    'gen_ai.usage.input_tokens': upstreamUsage.prompt_tokens,
    'gen_ai.usage.output_tokens': upstreamUsage.completion_tokens,
    'server.address': '127.0.0.1',
    'myriad.cost.micros': 11 * 3 + 6 * 15,
  });
  expect(run?.resource['service.name']).toBe('myriad-test');
  expect(run?.schemaUrl).toBe('https://opentelemetry.io/schemas/1.45.0');
  const sent = upstream.calls.at(-1)?.headers;
  expect(sent?.traceparent).toBe(`00-${traceId('1')}-${chat?.spanId}-01`);
  expect(sent?.tracestate).toBe('v=1');
  expect(BigInt(chat?.endTimeUnixNano ?? 0)).toBeGreaterThanOrEqual(BigInt(chat?.startTimeUnixNano ?? 1));
  expect(receiver.requests[0]).toMatchObject({
    path: '/v1/traces',
    headers: { authorization: 'Bearer receiver-key' },
  });
});

test('neither prompts, answers nor keys are sent unless the operator opted in', async () => {
  const traceparent = `00-${traceId('2')}-${callerSpan}-01`;
  await ask(node, 'scripted', 'A prompt of unusual words.', { traceparent }, { stream: true });
  await receiver.until(() => ofTrace(traceId('2')).length === 2);
  const everything = receiver.requests.map(({ body }) => body).join('');
  expect(everything).not.toMatch(/unusual words|secret plan|Real tokens|sk-upstream|receiver-key/);
});

test('an app’s run is an agent’s, and its model calls hang under it', async () => {
  const source =
    'kind: App\nname: traced\ndescription: d\ninstructions: Answer.\nmodel: {capabilities: [generate]}\naccess: {use: [everyone]}\nexpose: [api]\n';
  expect((await call(node, 'POST /api/apps', { body: { source } })).status).toBeLessThan(300);
  expect((await call(node, 'POST /api/apps/traced/publish', { body: {} })).status).toBe(200);
  const traceparent = `00-${traceId('3')}-${callerSpan}-01`;
  await ask(node, 'app:traced', 'Hello.', { traceparent });
  await receiver.until(() => ofTrace(traceId('3')).some(({ name }) => name === 'invoke_agent traced'));
  const run = ofTrace(traceId('3')).find(({ name }) => name === 'invoke_agent traced');
  expect(run?.attributes).toMatchObject({
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': 'traced',
    'myriad.surface': 'openai',
  });
  expect(ofTrace(traceId('3')).filter(({ parentSpanId }) => parentSpanId === run?.spanId).length).toBeGreaterThan(0);
});

test('a refusal of the model server is the call’s and the run’s error', async () => {
  const traceparent = `00-${traceId('4')}-${callerSpan}-01`;
  expect((await ask(node, 'wrong-key', 'Hi.', { traceparent })).status).toBe(502);
  await receiver.until(() => ofTrace(traceId('4')).length >= 2);
  for (const span of ofTrace(traceId('4')))
    expect(span).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'upstream_auth' } });
});

test('a caller that does not sample is followed in that; a broken traceparent begins a trace here', async () => {
  await ask(node, 'scripted', 'Hi.', { traceparent: `00-${traceId('5')}-${callerSpan}-00` });
  expect(upstream.calls.at(-1)?.headers.traceparent).toMatch(new RegExp(`^00-${traceId('5')}-[0-9a-f]{16}-00$`));
  const before = receiver.spans.length;
  await ask(node, 'scripted', 'Hi.', { traceparent: `00-${traceId('0')}-${callerSpan}-01` });
  const began = upstream.calls.at(-1)?.headers.traceparent;
  expect(began).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  await receiver.until((spans) => spans.length >= before + 2);
  expect(ofTrace(String(began).slice(3, 35)).find(({ name }) => name === 'model access')?.parentSpanId ?? '').toBe('');
  expect(ofTrace(traceId('5'))).toEqual([]);
});

test('opted in, by OpenTelemetry’s own variables too: prompts and answers go out masked, the last at the stop', async () => {
  const other = await startNode({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%20b',
      OTEL_SERVICE_NAME: 'by-variables',
      MYRIAD_TELEMETRY_CONTENT: 'true',
    },
  });
  await attachModels(other, upstream, ['leaky']);
  await ask(other, 'leaky', 'My number is 13900139000.', {}, { stream: true });
  expect(await other.stop()).toBe(0);
  const chat = receiver.spans.find(
    ({ resource, name }) => resource['service.name'] === 'by-variables' && name === 'chat leaky',
  );
  expect(JSON.parse(String(chat?.attributes['gen_ai.input.messages']))).toEqual([
    { role: 'user', parts: [{ type: 'text', content: 'My number is [phone 1].' }] },
  ]);
  const [output] = JSON.parse(String(chat?.attributes['gen_ai.output.messages']));
  expect(output.finish_reason).toBe('stop');
  expect(output.parts[0].content).toMatch(/^Call \[phone \d\], mail \[email \d\], key \[api key \d\] now\.$/);
  expect(receiver.requests.at(-1)?.headers['x-tenant']).toBe('a b');
});

test('where traces are off nothing of OpenTelemetry is loaded, and nothing goes out', async () => {
  const coverage = emptyFolder('coverage');
  const other = await startNode({ environment: { NODE_V8_COVERAGE: coverage } });
  await attachModels(other, upstream, ['scripted']);
  await ask(other, 'scripted', 'Hi.', { traceparent: `00-${traceId('6')}-${callerSpan}-01` });
  expect(upstream.calls.at(-1)?.headers.traceparent).toBeUndefined();
  await other.stop();
  const loaded = readdirSync(coverage).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8')) as { result: { url: string }[] };
    return result.map(({ url }) => url);
  });
  expect(loaded.some((url) => url.endsWith('/telemetry/open-telemetry.ts'))).toBe(true);
  // The metrics library loads the interface package (`api`) by itself; nothing that makes or sends a span is.
  expect(loaded.filter((url) => /@opentelemetry\/(?!api\/)/.test(url))).toEqual([]);
});

test('a receiver that is away costs no answer, and the node stops in time', async () => {
  const other = await startNode({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } });
  await attachModels(other, upstream, ['scripted']);
  expect((await ask(other, 'scripted', 'Hi.')).status).toBe(200);
  expect(await other.stop()).toBe(0);
});
