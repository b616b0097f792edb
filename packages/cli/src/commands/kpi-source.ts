import { type KpiSource, type KpiSourceKind, MyriadError, type SaveKpiSource } from '@myriad/contracts';
import { type Command, type CommandContext, textOption } from '../command.ts';
import { formatTime } from '../format.ts';
import { table } from '../terminal.ts';

const kinds: readonly KpiSourceKind[] = ['postgres', 'mysql', 'sqlite', 'duckdb'];

function number(context: CommandContext, name: string): number | undefined {
  const text = textOption(context, name);
  if (text === undefined) return undefined;
  if (!Number.isFinite(Number(text))) throw new MyriadError('invalid_request', `--${name}: expected a number.`);
  return Number(text);
}

function wanted(context: CommandContext): SaveKpiSource {
  const option = (name: string) => textOption(context, name);
  const kind = kinds.find((known) => known === option('kind'));
  if (option('kind') !== undefined && !kind)
    throw new MyriadError('invalid_request', `--kind: expected ${kinds.join(', ')}.`);
  const [overlap, everyMinutes] = [number(context, 'overlap'), number(context, 'every')];
  const kpi = option('kpiColumn')
    ? { column: option('kpiColumn') as string }
    : option('kpi')
      ? { name: option('kpi') as string }
      : undefined;
  const mapping = {
    ...(option('id') ? { id: option('id') as string } : {}),
    ...(kpi ? { kpi } : {}),
    ...(option('unit') ? { unit: option('unit') as string } : {}),
    ...(option('value') ? { value: option('value') as string } : {}),
    ...(option('time') ? { time: option('time') as string } : {}),
    ...(option('watermark') ? { watermark: option('watermark') as string } : {}),
    ...(context.options.seconds === true ? { timeUnit: 's' as const } : {}),
  };
  return {
    ...(kind ? { kind } : {}),
    ...(option('address') ? { address: option('address') as string } : {}),
    ...(option('sql') ? { sql: option('sql') as string } : {}),
    ...(option('password') ? { password: option('password') as string } : {}),
    ...(overlap === undefined ? {} : { overlap }),
    ...(everyMinutes === undefined ? {} : { everyMinutes }),
    ...(Object.keys(mapping).length > 0 ? { mapping } : {}),
  };
}

const definition = [
  { flags: '--kind <kind>', description: 'postgres, mysql, sqlite or duckdb' },
  { flags: '--address <address>', description: "postgres://user@host/db, mysql://user@host/db, or a file's path" },
  { flags: '--password <secret>', description: 'better a reference: env:NAME or file:/path' },
  { flags: '--sql <query>', description: 'one SELECT' },
  { flags: '--kpi <name>', description: 'the KPI of every row' },
  { flags: '--kpi-column <column>', description: 'or the column that names it' },
  { flags: '--id <column>', description: 'column of the id (default id)' },
  { flags: '--unit <column>', description: 'column of the unit (default unit)' },
  { flags: '--value <column>', description: 'column of the value (default value)' },
  { flags: '--time <column>', description: 'column of the time (default time)' },
  { flags: '--seconds', description: 'numbers in the time column are seconds' },
  { flags: '--watermark <column>', description: 'column that only grows (default the time)' },
  { flags: '--overlap <number>', description: 'read again so far before the mark: ms of a time, units of a number' },
  { flags: '--every <minutes>', description: 'read so often; 0 only when asked (default 15)' },
] as const;
const name = [{ flags: '<name>', description: 'such as shop-orders' }] as const;

const lastOf = ({ lastRun }: KpiSource) =>
  lastRun === null
    ? 'not read yet'
    : `${lastRun.ok ? 'ok' : 'failed'}: ${lastRun.rows} rows, ${lastRun.accepted} new, ${lastRun.duplicates} there before, ${lastRun.rejected} rejected${lastRun.message ? ` (${lastRun.message})` : ''}`;

export const kpiSourceAdd: Command = {
  name: 'kpi source add',
  summary: "Read KPI events by SQL from the business's own database, or change how.",
  arguments: name,
  options: definition,
  example:
    'myriad kpi source add shop-orders --kind postgres --address postgres://reader@db/shop --password env:SHOP_DB --sql "select * from orders" --kpi orders --unit buyer --value total --time paid_at',
  async run(context, source = '') {
    const node = await context.node();
    const saved = await node.call('PUT /api/kpi/sources/:name', { params: { name: source }, body: wanted(context) });
    context.terminal.answer(
      saved,
      () => `${saved.name} is saved; try it with \`myriad kpi source run ${saved.name}\`.`,
    );
    return 0;
  },
};

export const kpiSourceTest: Command = {
  name: 'kpi source test',
  summary: 'Show the first rows of a source and what each would become; nothing is stored.',
  arguments: name,
  options: definition,
  example: 'myriad kpi source test shop-orders',
  async run(context, source = '') {
    const node = await context.node();
    const preview = await node.call('POST /api/kpi/sources/:name/test', {
      ...{ params: { name: source }, body: wanted(context) },
    });
    context.terminal.answer(preview, () =>
      preview.rows.length === 0
        ? 'The query gives no row.'
        : table(
            ['id', 'kpi', 'unit', 'value', 'time', 'problem'],
            preview.rows.map(({ event, problem }) => [
              ...[event?.id ?? '', event?.kpi ?? '', event?.unit ?? '', event ? String(event.value) : ''],
              ...[event ? formatTime(event.time) : '', problem ?? ''],
            ]),
          ),
    );
    return preview.rows.some(({ problem }) => problem !== null) ? 5 : 0;
  },
};

export const kpiSourceList: Command = {
  name: 'kpi source list',
  summary: 'List the sources that are read by SQL, and how the last reading went.',
  example: 'myriad kpi source list',
  async run(context) {
    const node = await context.node();
    const { items } = await node.call('GET /api/kpi/sources');
    context.terminal.answer(items, () =>
      items.length === 0
        ? 'No source yet. `myriad kpi source add <name>` makes one.'
        : table(
            ['source', 'kind', 'every', 'mark', 'last reading'],
            items.map((source) => [
              ...[source.name, source.kind, source.everyMinutes === 0 ? 'by hand' : `${source.everyMinutes} min`],
              ...[source.watermark ?? 'none', lastOf(source)],
            ]),
          ),
    );
    return 0;
  },
};

export const kpiSourceRun: Command = {
  name: 'kpi source run',
  summary: 'Read a source now, from its mark on.',
  arguments: name,
  options: [{ flags: '--again', description: 'from the first row; what is there counts once' }],
  example: 'myriad kpi source run shop-orders',
  async run(context, source = '') {
    const node = await context.node();
    const read = await node.call('POST /api/kpi/sources/:name/run', {
      ...{ params: { name: source }, body: { again: context.options.again === true } },
    });
    context.terminal.answer(read, () => lastOf(read));
    return read.lastRun?.ok ? 0 : 5;
  },
};

export const kpiSourceRemove: Command = {
  name: 'kpi source remove',
  summary: 'Forget a source and its password; its events stay.',
  arguments: name,
  example: 'myriad kpi source remove shop-orders',
  async run(context, source = '') {
    const node = await context.node();
    await node.call('DELETE /api/kpi/sources/:name', { params: { name: source } });
    context.terminal.answer({ removed: source }, () => `${source} is removed.`);
    return 0;
  },
};
