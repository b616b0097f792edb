/**
 * `npm run conformance` asks a node of our own. `-- --target URL --key KEY --model NAME [--header name=value] [--port N]`
 * asks any gateway whose model NAME is routed to the mock at http://127.0.0.1:N/v1 (default 9911); `--profile FILE` says
 * the same, and how it is asked for the cases that need more than one route (see `profiles/`). `--output FILE` writes the
 * table there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startMockUpstream } from './mock-upstream.ts';
import { startOwnNode } from './own-node.ts';
import { printTable, runConformance } from './run-conformance.ts';
import type { Target } from './wire.ts';

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    key: { type: 'string' },
    model: { type: 'string' },
    header: { type: 'string', multiple: true, default: [] },
    profile: { type: 'string' },
    port: { type: 'string' },
    output: { type: 'string' },
    about: { type: 'string' },
  },
});

/** A profile's texts may name the mock: `{mock}` is its address with `/v1`. */
function readProfile(file: string, mockUrl: string): Partial<Target> & { readonly about?: string } {
  return JSON.parse(readFileSync(file, 'utf8').replaceAll('{mock}', mockUrl)) as Partial<Target>;
}

const foreign = values.target !== undefined || values.profile !== undefined;
const mock = await startMockUpstream(Number(values.port ?? (foreign ? 9911 : 0)));
const own = foreign ? null : await startOwnNode(mock);
const profile = values.profile ? readProfile(values.profile, mock.url) : {};
const target: Target = own?.target ?? {
  ...profile,
  url: (values.target ?? profile.url ?? '').replace(/\/(v1\/?)?$/, ''),
  key: values.key ?? profile.key ?? '',
  model: values.model ?? profile.model ?? 'mock',
  headers: {
    ...profile.headers,
    ...Object.fromEntries(
      values.header.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    ),
  },
};
const results = await runConformance(target, mock);
const table = printTable(results);
console.log(table);
const about = values.about ?? profile.about ?? 'A node of our own';
if (values.output) writeFileSync(values.output, `${about}; ${new Date().toISOString().slice(0, 10)}.\n\n${table}\n`);
await own?.stop();
await mock.close();
process.exitCode = results.some(({ fault }) => fault !== null) ? 1 : 0;
