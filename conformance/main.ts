/**
 * `npm run conformance` asks a node of our own. `-- --target URL --key KEY --model NAME [--header name=value] [--port N]`
 * asks any gateway whose model NAME is routed to the mock at http://127.0.0.1:N/v1 (default 9911).
 */
import { parseArgs } from 'node:util';
import { attachModels } from '../test/support/attach-models.ts';
import { startNode } from '../test/support/start-node.ts';
import { startMockUpstream } from './mock-upstream.ts';
import { printTable, runConformance } from './run-conformance.ts';
import type { Target } from './wire.ts';

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    key: { type: 'string', default: '' },
    model: { type: 'string', default: 'mock' },
    header: { type: 'string', multiple: true, default: [] },
    port: { type: 'string' },
  },
});
const mock = await startMockUpstream(Number(values.port ?? (values.target ? 9911 : 0)));
const node = values.target ? null : await startNode();
if (node)
  await attachModels(node, { url: mock.url.replace(/\/v1$/, '') }, ['mock'], {
    capabilities: ['chat', 'generate', 'tools', 'json', 'vision'],
  });
const target: Target = {
  url: (values.target ?? node?.url ?? '').replace(/\/(v1\/?)?$/, ''),
  key: node?.operatorToken ?? values.key,
  model: values.model,
  headers: Object.fromEntries(
    values.header.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  ),
};
const results = await runConformance(target, mock);
console.log(printTable(results));
await node?.stop();
await mock.close();
process.exitCode = results.some(({ fault }) => fault !== null) ? 1 : 0;
