import { type KpiRegistration, MyriadError } from '@myriad/contracts';
import { type Command, type CommandContext, textOption } from '../command.ts';
import { formatMoney, formatTime } from '../format.ts';
import { table } from '../terminal.ts';

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

function duration(context: CommandContext, name: string): number | null {
  const text = textOption(context, name);
  if (text === undefined) return null;
  const match = /^(\d+)(m|h|d|w)$/.exec(text);
  if (!match) throw new MyriadError('invalid_request', `--${name}: expected a duration such as 24h, 7d or 2w.`);
  return Number(match[1]) * (units[match[2] as string] as number);
}

function money(context: CommandContext): Pick<KpiRegistration, 'valueMicrosPerUnit' | 'currency'> {
  const text = textOption(context, 'value');
  if (text === undefined) return { valueMicrosPerUnit: null, currency: null };
  const match = /^(\d+(?:\.\d{1,6})?) ([A-Z]{3})$/.exec(text);
  if (!match)
    throw new MyriadError('invalid_request', '--value: expected an amount and a currency, such as "3.20 USD".');
  return { valueMicrosPerUnit: Math.round(Number(match[1]) * 1e6), currency: match[2] as string };
}

function oneOf<const T extends string>(context: CommandContext, name: string, allowed: readonly T[], otherwise: T): T {
  const text = textOption(context, name) ?? otherwise;
  const found = allowed.find((value) => value === text);
  if (!found) throw new MyriadError('invalid_request', `--${name}: expected ${allowed.join(', ')}.`);
  return found;
}

export const kpiDefine: Command = {
  name: 'kpi define',
  summary: 'Register a KPI, or change it: its measure is frozen at the first exposure.',
  arguments: [{ flags: '<name>', description: 'such as refund_cycle_hours' }],
  options: [
    { flags: '--type <type>', description: 'mean (default), count, proportion, ratio or quantile' },
    { flags: '--direction <direction>', description: 'increase (default) or decrease' },
    { flags: '--unit <text>', description: 'what it is counted in, such as hours' },
    { flags: '--window <duration>', description: 'events count for so long after exposure (default 7d)' },
    { flags: '--value <money>', description: 'worth of one unit, such as "3.20 USD"' },
    { flags: '--cap <number>', description: "cap on a unit's total" },
    { flags: '--denominator <kpi>', description: 'for a ratio' },
    { flags: '--quantile <share>', description: 'for a quantile: 0.9 is what nine of ten stay at or below' },
    { flags: '--history <duration>', description: 'reduce noise by the time before exposure (CUPED)' },
    { flags: '--owner <person>', description: 'who answers for the definition' },
    { flags: '--guardrail', description: 'must not get worse, instead of a goal' },
    { flags: '--title <text>', description: 'name for people' },
    { flags: '--restart', description: 'start its experiments anew when the measure changes' },
  ],
  example: 'myriad kpi define refund_cycle_hours --direction decrease --unit hours --value "1.50 USD" --cap 200',
  async run(context, name = '') {
    const type = oneOf(context, 'type', ['mean', 'count', 'proportion', 'ratio', 'quantile'], 'mean');
    const cap = textOption(context, 'cap');
    if (cap !== undefined && !Number.isFinite(Number(cap)))
      throw new MyriadError('invalid_request', '--cap: expected a number.');
    const quantile = textOption(context, 'quantile');
    if (quantile !== undefined && !(Number(quantile) > 0 && Number(quantile) < 1))
      throw new MyriadError('invalid_request', `--quantile: expected a share between 0 and 1, not "${quantile}".`);
    const title = textOption(context, 'title') ?? name.replaceAll('_', ' ');
    const node = await context.node();
    const kpi = await node.call('PUT /api/kpis/:name', {
      params: { name },
      body: {
        title: { en: title, zh: title },
        type,
        direction: oneOf(context, 'direction', ['increase', 'decrease'], 'increase'),
        unit: textOption(context, 'unit') ?? 'units',
        windowMs: duration(context, 'window') ?? 7 * 86_400_000,
        ...money(context),
        cap: cap === undefined ? null : Number(cap),
        denominator: textOption(context, 'denominator') ?? null,
        quantile: quantile === undefined ? null : Number(quantile),
        historyMs: duration(context, 'history'),
        owner: textOption(context, 'owner') ?? '',
        role: context.options.guardrail === true ? 'guardrail' : 'goal',
        restart: context.options.restart === true,
      },
    });
    context.terminal.answer(
      kpi,
      () => `${kpi.name}, version ${kpi.version}: ${kpi.type}, better when it ${kpi.direction}s.`,
    );
    return 0;
  },
};

export const kpiList: Command = {
  name: 'kpi list',
  summary: 'List KPIs: registered ones, and those that apps brought along.',
  example: 'myriad kpi list',
  async run(context) {
    const node = await context.node();
    const { items } = await node.call('GET /api/kpis');
    context.terminal.answer(items, () =>
      items.length === 0
        ? 'No KPI yet. `myriad kpi define <name>` registers one.'
        : table(
            ['kpi', 'type', 'better', 'unit', 'worth', 'role', 'version', 'frozen', 'source'],
            items.map((kpi) => [
              kpi.name,
              kpi.type,
              kpi.direction,
              kpi.unit,
              kpi.valueMicrosPerUnit === null ? 'not said' : formatMoney(kpi.valueMicrosPerUnit, kpi.currency ?? ''),
              kpi.role,
              String(kpi.version),
              kpi.frozenAt === null ? 'no' : formatTime(kpi.frozenAt),
              kpi.source,
            ]),
          ),
    );
    return 0;
  },
};
