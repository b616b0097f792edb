import { type Decision, type ExperimentPlanAnswer, type ExperimentRequest, MyriadError } from '@myriad/contracts';
import { type Command, type CommandContext, listOption, textOption } from '../command.ts';
import { formatTime } from '../format.ts';
import { table } from '../terminal.ts';

const dayMs = 86_400_000;
const percent = (ratio: number) => `${Number((ratio * 100).toPrecision(3))} %`;

/** A number after --name; percent where it ends in %. */
function numberOption(context: CommandContext, name: string): number | undefined {
  const text = textOption(context, name);
  if (text === undefined) return undefined;
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new MyriadError('invalid_request', `--${name}: expected a number or a percentage, not "${text}".`);
  return value;
}

function requestOf(context: CommandContext, app: string): ExperimentRequest {
  const optional = {
    kpi: textOption(context, 'kpi'),
    controlRatio: numberOption(context, 'share'),
    goalRatio: numberOption(context, 'goal'),
    mean: numberOption(context, 'mean'),
    standardDeviation: numberOption(context, 'spread'),
    unitsPerDay: numberOption(context, 'per-day'),
  };
  return {
    app,
    control: textOption(context, 'control') ?? 'none',
    treatment: textOption(context, 'treatment') ?? 'current',
    guardrails: listOption(context, 'guardrail'),
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<
      Omit<ExperimentRequest, 'app' | 'control' | 'treatment' | 'guardrails'>
    >),
  };
}

const planOptions = [
  { flags: '--control <arm>', description: 'none (default), model, current, version:N or base:NAME' },
  { flags: '--treatment <arm>', description: 'current (default), version:N or base:NAME' },
  { flags: '--guardrail <kpi>', description: 'must not get worse; at least one', repeatable: true },
  { flags: '--kpi <name>', description: "the app's own unless given" },
  { flags: '--share <ratio>', description: 'share of units in control (default 50%)' },
  { flags: '--goal <ratio>', description: 'relative change that would matter (default 5%)' },
  { flags: '--mean <number>', description: 'expected mean a unit, where nothing was measured' },
  { flags: '--spread <number>', description: 'expected standard deviation' },
  { flags: '--per-day <number>', description: 'expected new units a day' },
];

function planText(plan: ExperimentPlanAnswer): string {
  const lines = [
    `${plan.app}: ${plan.treatment} against ${plan.control} (${percent(plan.controlRatio)} of units) on ${plan.kpi}.`,
    plan.unitsNeeded === null || plan.timeToVerdictMs === null
      ? 'How long it takes is not known.'
      : `A change of ${percent(plan.goalRatio)} is seen in ${(plan.timeToVerdictMs / dayMs).toFixed(1)} days (${plan.unitsNeeded} units) with 80 % power, however often one looks.`,
  ];
  if (plan.weeks.length > 0)
    lines.push(
      table(
        ['week', 'power', 'least change seen'],
        plan.weeks.map(({ week, power, leastEffect }) => [
          String(week),
          percent(power),
          leastEffect === null ? '-' : percent(leastEffect),
        ]),
      ),
    );
  lines.push(...plan.warnings.map(({ en }) => `Mind: ${en}`), ...plan.problems.map(({ en }) => `In the way: ${en}`));
  return lines.join('\n');
}

export const experimentList: Command = {
  name: 'experiment list',
  summary: 'List experiments with what is known of them.',
  example: 'myriad experiment list',
  async run(context) {
    const node = await context.node();
    const { items } = await node.call('GET /api/cockpit/experiments');
    context.terminal.answer(items, () =>
      items.length === 0
        ? 'No experiment yet. `myriad experiment plan <app>` says how long one would take.'
        : table(
            ['id', 'app', 'kpi', 'treatment', 'control', 'units', 'effect', 'verdict', 'status', 'started'],
            items.map((row) => [
              row.id ?? 'manifest',
              row.app,
              row.kpi,
              row.treatment,
              row.baseline,
              String(row.units),
              row.effect === null
                ? 'not known'
                : `${row.effect.estimate.toPrecision(3)} (${row.effect.low?.toPrecision(3) ?? '-inf'} to ${row.effect.high?.toPrecision(3) ?? 'inf'})`,
              row.verdict,
              row.status,
              row.startedAt === null ? '-' : formatTime(row.startedAt),
            ]),
          ),
    );
    return 0;
  },
};

export const experimentPlan: Command = {
  name: 'experiment plan',
  summary: 'Say how long an experiment would take and what stands in its way; nothing is started.',
  arguments: [{ flags: '<app>', description: 'name of an app' }],
  options: planOptions,
  example: 'myriad experiment plan refund-desk --control version:2 --guardrail complaints',
  async run(context, app = '') {
    const node = await context.node();
    const plan = await node.call('POST /api/experiments/plan', { body: requestOf(context, app) });
    context.terminal.answer(plan, () => planText(plan));
    return plan.problems.length > 0 ? 5 : 0;
  },
};

export const experimentStart: Command = {
  name: 'experiment start',
  summary: 'Start an experiment; a decision that one step takes back.',
  arguments: [{ flags: '<app>', description: 'name of an app' }],
  options: planOptions,
  example: 'myriad experiment start refund-desk --control base:small --treatment base:large --guardrail complaints',
  async run(context, app = '') {
    const node = await context.node();
    const answer = await node.call('POST /api/experiments', { body: requestOf(context, app) });
    context.terminal.answer(answer, () => `Started ${answer.experiment.id}. ${takeBack(answer.decision)}`);
    return 0;
  },
};

export const experimentStop: Command = {
  name: 'experiment stop',
  summary: 'Stop an experiment.',
  arguments: [{ flags: '<id>', description: 'id of a started experiment' }],
  example: 'myriad experiment stop exp_01J',
  async run(context, id = '') {
    const node = await context.node();
    const answer = await node.call('POST /api/experiments/:id', { params: { id }, body: { action: 'stop' } });
    context.terminal.answer(answer, () => `Stopped ${id}. ${takeBack(answer.decision)}`);
    return 0;
  },
};

export const experimentShip: Command = {
  name: 'experiment ship',
  summary: 'Make the winner what everyone meets.',
  arguments: [{ flags: '<id>', description: 'id of a started experiment' }],
  options: [{ flags: '--winner <arm>', description: 'control or treatment' }],
  example: 'myriad experiment ship exp_01J --winner treatment',
  async run(context, id = '') {
    const winner = textOption(context, 'winner');
    if (winner !== 'control' && winner !== 'treatment')
      throw new MyriadError('invalid_request', '--winner: expected control or treatment.');
    const node = await context.node();
    const answer = await node.call('POST /api/experiments/:id', { params: { id }, body: { action: 'ship', winner } });
    context.terminal.answer(answer, () => `Shipped ${winner} of ${id}. ${takeBack(answer.decision)}`);
    return 0;
  },
};

const takeBack = ({ id }: Decision) => `Decision ${id}; the decisions page takes it back in one step.`;

export const experimentCommands: readonly Command[] = [
  experimentList,
  experimentPlan,
  experimentStart,
  experimentStop,
  experimentShip,
];
