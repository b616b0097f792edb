import { type Command, textOption } from '../command.ts';
import { formatMoney, formatTime } from '../format.ts';
import { table } from '../terminal.ts';

export const runList: Command = {
  name: 'run list',
  summary: 'List runs, newest first.',
  options: [
    { flags: '--app <app>', description: 'only runs of this app' },
    { flags: '--status <status>', description: 'ok, error, aborted, refused or lost' },
    { flags: '--limit <number>', description: 'at most this many (default 20)' },
    { flags: '--cursor <cursor>', description: 'go on where a list ended' },
  ],
  example: 'myriad run list --app assistant --limit 5',
  async run(context) {
    const node = await context.node();
    const given = Object.fromEntries(
      ['app', 'status', 'cursor'].flatMap((name) =>
        textOption(context, name) ? [[name, textOption(context, name) as string]] : [],
      ),
    );
    const page = await node.call('GET /api/runs', { query: { limit: textOption(context, 'limit') ?? '20', ...given } });
    context.terminal.answer(page, () =>
      page.items.length === 0
        ? 'No runs yet.'
        : [
            table(
              ['id', 'when', 'app', 'model', 'status', 'tokens in/out', 'cost', 'variant'],
              page.items.map((run) => [
                run.id,
                formatTime(run.startedAt),
                run.appName,
                run.model ?? '-',
                run.errorCode ? `${run.status}: ${run.errorCode}` : run.status,
                `${run.usage.inputTokens}/${run.usage.outputTokens}`,
                formatMoney(run.costMicros, run.currency),
                run.delivered,
              ]),
            ),
            ...(page.nextCursor ? [`More: --cursor ${page.nextCursor}`] : []),
          ].join('\n'),
    );
    return 0;
  },
};

export const runShow: Command = {
  name: 'run show',
  summary: 'Show one run: version, assignment, route and why, tokens, cost, timings.',
  arguments: [{ flags: '<id>', description: 'id of the run' }],
  example: 'myriad run show run_01…',
  async run(context, id) {
    const node = await context.node();
    const run = await node.call('GET /api/runs/:id', { params: { id: id as string } });
    context.terminal.answer(run, () =>
      [
        `${run.id} · ${run.appName} · ${run.status}${run.errorCode ? ` (${run.errorCode})` : ''}`,
        `version ${run.version?.slice(0, 12) ?? 'none (direct)'} · by ${run.surface} · ${formatTime(run.startedAt)} · ${run.finishedAt - run.startedAt} ms`,
        `assigned ${run.assigned}, delivered ${run.delivered} (${run.assignmentReason}${run.unit ? `, unit ${run.unit}` : ''})`,
        `${run.usage.inputTokens} tokens in, ${run.usage.outputTokens} out (${run.usage.source}) · ${formatMoney(run.costMicros, run.currency)}`,
        '',
        table(
          ['call', 'model', 'status', 'queued', 'first token', 'total', 'cost', 'why this model'],
          run.calls.map((call) => [
            String(call.attempt),
            call.model,
            call.errorCode ?? call.status,
            `${Math.round(call.queuedMs)} ms`,
            call.firstTokenMs === null ? '-' : `${Math.round(call.firstTokenMs)} ms`,
            `${Math.round(call.totalMs)} ms`,
            call.cost ? formatMoney(call.cost.micros, call.cost.currency) : 'unpriced',
            call.because,
          ]),
        ),
        '',
        table(
          ['step', 'kind', 'took', 'ok', 'detail'],
          run.steps.map((step) => [
            step.name,
            step.kind,
            `${step.tookMs.toFixed(1)} ms`,
            step.ok ? 'yes' : 'no',
            JSON.stringify(step.detail),
          ]),
        ),
      ].join('\n'),
    );
    return 0;
  },
};
