import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type KpiEventsAnswer, MyriadError } from '@myriad/contracts';
import { type Command, textOption } from '../command.ts';
import { readCsvEvents } from '../csv-events.ts';

const batchSize = 5_000;

export const kpiSend: Command = {
  name: 'kpi send',
  summary: 'Send KPI events: one by options, or a file of NDJSON, a JSON array or CSV.',
  arguments: [{ flags: '[file]', description: 'events; `-` reads standard input' }],
  options: [
    { flags: '--id <id>', description: 'id of the event; the same id counts once' },
    { flags: '--kpi <name>', description: 'name of the KPI' },
    { flags: '--unit <unit>', description: 'who it is about' },
    { flags: '--value <number>', description: 'its value' },
    { flags: '--time <time>', description: 'UTC ms or ISO 8601 (default now)' },
    { flags: '--id-column <column>', description: 'of a CSV file (default id); without one, ids are made of the row' },
    { flags: '--kpi-column <column>', description: 'of a CSV file (default kpi), unless --kpi names it for every row' },
    { flags: '--unit-column <column>', description: 'of a CSV file (default unit)' },
    { flags: '--value-column <column>', description: 'of a CSV file (default value)' },
    { flags: '--time-column <column>', description: 'of a CSV file (default time)' },
  ],
  example: 'myriad kpi send --kpi refund_cycle_hours --unit user-7 --value 3.5 --id order-1201',
  async run(context, file) {
    const option = (name: string) => textOption(context, name);
    const csv = file !== undefined && /\.(csv|tsv)$/i.test(file);
    const read = csv ? readCsvEvents(await readText(resolve(context.cwd, file), file), option) : null;
    const events = read ? read.events : file ? await readEvents(resolve(context.cwd, file), file) : [oneEvent(option)];
    const node = await context.node();
    const bar = context.terminal.progress('sending');
    const sum = { accepted: 0, duplicates: 0, rejected: [] as { index: number; code: string; detail: string }[] };
    for (let at = 0; at < events.length; at += batchSize) {
      bar.update(at / events.length);
      const response = await node.raw('/v1/kpi/events', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(events.slice(at, at + batchSize)),
      });
      const answer = (await response.json()) as KpiEventsAnswer;
      sum.accepted += answer.accepted;
      sum.duplicates += answer.duplicates;
      sum.rejected.push(...answer.rejected.map((rejection) => ({ ...rejection, index: rejection.index + at })));
    }
    bar.end();
    const nameOf = (index: number) => (read ? `line ${read.lines[index]}` : `event ${index + 1}`);
    context.terminal.answer(sum, () =>
      [
        `${sum.accepted} accepted, ${sum.duplicates} there before, ${sum.rejected.length} rejected.`,
        ...sum.rejected.slice(0, 20).map(({ index, detail }) => `${nameOf(index)}: ${detail}`),
      ].join('\n'),
    );
    return sum.rejected.length > 0 ? 5 : 0;
  },
};

function oneEvent(option: (name: string) => string | undefined): unknown {
  const kpi = option('kpi');
  const unit = option('unit');
  const value = option('value');
  const id = option('id');
  if (!kpi || !unit || value === undefined || !id)
    throw new MyriadError('invalid_request', 'Give a file, or --id, --kpi, --unit and --value.');
  const time = option('time');
  return {
    id,
    kpi,
    unit,
    value: Number(value),
    time: time === undefined ? Date.now() : /^\d+$/.test(time) ? Number(time) : time,
  };
}

async function readText(path: string, file: string): Promise<string> {
  return file === '-'
    ? await readStandardInput()
    : await readFile(path, 'utf8').catch((cause: unknown) => {
        throw new MyriadError('not_found', `${path} cannot be read.`, { cause });
      });
}

async function readEvents(path: string, file: string): Promise<unknown[]> {
  const text = await readText(path, file);
  const parse = (json: string, where: string): unknown => {
    try {
      return JSON.parse(json);
    } catch (error) {
      throw new MyriadError('malformed_json', `${where} is not JSON: ${(error as Error).message}.`);
    }
  };
  if (text.trimStart().startsWith('[')) return parse(text, file) as unknown[];
  return text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parse(line, `${file}, line ${index + 1},`)]));
}

async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text;
}
