import type { CompiledManifest, CompiledTool } from '@myriad/contracts';

const durations = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
] as const;

function duration(ms: number): string {
  const [letter, unit] = durations.find(([, size]) => ms % size === 0) ?? ['m', 60_000];
  return `${ms / unit}${letter}`;
}

function money(micros: number, currency: string): string {
  const fraction = String(micros % 1_000_000)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${Math.floor(micros / 1_000_000)}${fraction ? `.${fraction}` : ''} ${currency}`;
}

const percent = (ratio: number) => `${Number((ratio * 100).toPrecision(12))}%`;

const toolOf = (tool: CompiledTool) =>
  tool.kind === 'builtin'
    ? { tool: tool.name, approval: tool.approval }
    : { mcp: tool.server, allow: tool.allow, approval: tool.approval };

/** Drops what is null, empty or undefined, so that the default is written by leaving it out. */
function present(fields: Readonly<Record<string, unknown>>): Record<string, unknown> | undefined {
  const kept = Object.entries(fields).filter(
    ([, value]) => value != null && !(Array.isArray(value) && value.length === 0),
  );
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

function kpiOf(kpi: CompiledManifest['kpi']): unknown {
  if (!kpi) return undefined;
  const { experiment } = kpi;
  const value =
    kpi.valueMicrosPerUnit === null ? null : `${money(kpi.valueMicrosPerUnit, kpi.valueCurrency ?? '')} per unit`;
  return present({
    metric: kpi.metric,
    goal: present({ direction: kpi.direction, by: kpi.goalRatio === null ? null : percent(kpi.goalRatio), value }),
    experiment: experiment && {
      unit: experiment.unit,
      holdout: percent(experiment.holdoutRatio),
      window: duration(experiment.windowMs),
      guardrails: experiment.guardrails,
      baseline:
        typeof experiment.baseline === 'string' ? experiment.baseline : `version:${experiment.baseline.version}`,
    },
  });
}

/** A manifest, as plain data, that compiles to this form: what is shown when no source was written by hand. */
export function manifestOf(compiled: CompiledManifest): Record<string, unknown> {
  const { access, model, limits, cache, policy, budget } = compiled;
  return {
    apiVersion: 'myriad/v1',
    kind: 'App',
    name: compiled.name,
    title: compiled.title,
    description: compiled.description,
    instructions: compiled.instructions,
    ...present({
      owner: compiled.owner,
      access: present({ use: access.use, edit: access.edit }),
      model: present({ ...model }),
      inputs: compiled.inputs,
      output: compiled.output,
      knowledge: compiled.knowledge,
      tools: compiled.tools.map(toolOf),
      starters: compiled.starters,
      expose: compiled.expose,
      evals: compiled.evals.map(({ name, input, inputs, expect }) => ({
        name,
        input,
        inputs,
        expect: present({ ...expect }),
      })),
      budget: budget && {
        amount: money(budget.micros, budget.currency),
        period: budget.period,
        on_exceed: budget.onExceed,
      },
      limits: present({
        requests_per_minute: limits.requestsPerMinute,
        tokens_per_minute: limits.tokensPerMinute,
        parallel: limits.parallel,
        tool_rounds: limits.toolRounds,
        deadline: limits.deadlineMs === null ? null : duration(limits.deadlineMs),
      }),
      cache: { exact: cache.exact, semantic: cache.semantic, ttl: duration(cache.ttlMs) },
      policy: present({
        pii: policy.pii,
        secrets: policy.secrets,
        deny: policy.deny,
        untrusted: policy.untrusted,
        egress: policy.egress,
        retention: policy.retentionMs === null ? null : duration(policy.retentionMs),
        data: policy.data,
      }),
      kpi: kpiOf(compiled.kpi),
    }),
  };
}
