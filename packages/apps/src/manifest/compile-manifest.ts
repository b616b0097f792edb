import type { CompiledManifest, CompiledTool, LocalizedText, Manifest } from '@myriad/contracts';

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** `7d` in milliseconds. */
function milliseconds(text: string): number {
  return Number(text.slice(0, -1)) * (unitMs[text.at(-1) as string] as number);
}

/** `40 USD` in micros; read digit by digit, since 0.1 × 1e6 is no sum for floats. */
function money(text: string): { micros: number; currency: string } {
  const [amount = '0', currency = ''] = text.split(' ');
  const [whole = '0', fraction = ''] = amount.split('.');
  return { micros: Number(whole) * 1_000_000 + Number(fraction.padEnd(6, '0')), currency };
}

/** `15%` as 0.15. */
const ratio = (text: string) => Number((Number(text.slice(0, -1)) / 100).toPrecision(12));

type Localized = NonNullable<Manifest['title']>;

function localized(text: Localized | undefined, otherwise: string): LocalizedText {
  if (typeof text === 'string') return { en: text, zh: text };
  const any = text?.en ?? text?.zh ?? otherwise;
  return { en: text?.en ?? any, zh: text?.zh ?? any };
}

const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

function compileTool(tool: NonNullable<Manifest['tools']>[number]): CompiledTool {
  const approval = tool.approval ?? 'never';
  return 'tool' in tool
    ? { kind: 'builtin', name: tool.tool, approval }
    : { kind: 'mcp', server: tool.mcp, allow: tool.allow, approval };
}

function compileKpi(kpi: Manifest['kpi']): CompiledManifest['kpi'] {
  if (!kpi) return null;
  const value = kpi.goal?.value ? money(kpi.goal.value) : null;
  const { experiment } = kpi;
  const baseline = experiment?.baseline ?? 'none';
  return {
    metric: kpi.metric,
    direction: kpi.goal?.direction ?? 'increase',
    goalRatio: kpi.goal?.by ? ratio(kpi.goal.by) : null,
    valueMicrosPerUnit: value?.micros ?? null,
    valueCurrency: value?.currency ?? null,
    experiment: experiment
      ? {
          unit: experiment.unit ?? 'user',
          holdoutRatio: ratio(experiment.holdout ?? '10%'),
          windowMs: milliseconds(experiment.window ?? '7d'),
          guardrails: experiment.guardrails ?? [],
          baseline: baseline === 'none' || baseline === 'model' ? baseline : { version: Number(baseline.slice(8)) },
        }
      : null,
  };
}

/** `refund-desk` → `Refund desk`. */
function titleOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The canonical form of a checked manifest: every default filled in, units resolved (ms, micros, ratios). */
export function compileManifest(manifest: Manifest): CompiledManifest {
  const { model, limits, cache, policy, budget } = manifest;
  return {
    schema: 1,
    name: manifest.name,
    title: localized(manifest.title, titleOf(manifest.name)),
    description: localized(manifest.description, manifest.name),
    owner: manifest.owner ?? null,
    access: { use: manifest.access?.use ?? [], edit: manifest.access?.edit ?? [] },
    instructions: manifest.instructions,
    model: {
      capabilities: [...new Set(model?.capabilities ?? [])].sort(),
      optimize: model?.optimize ?? 'balanced',
      temperature: model?.temperature ?? null,
      maxOutputTokens: model?.maxOutputTokens ?? null,
      reasoning: model?.reasoning ?? null,
    },
    inputs: manifest.inputs ?? null,
    output: manifest.output ?? null,
    knowledge: manifest.knowledge ?? [],
    tools: (manifest.tools ?? []).map(compileTool),
    starters: (manifest.starters ?? []).map((starter) => localized(starter, '')),
    expose: [...new Set(manifest.expose ?? (['chat', 'api'] as const))].sort(),
    evals: (manifest.evals ?? []).map(({ name, input, inputs, expect }, index) => ({
      name: name ?? `eval ${index + 1}`,
      input,
      inputs: inputs ?? {},
      expect: {
        contains: listed(expect.contains),
        excludes: listed(expect.excludes),
        matches: expect.matches ?? null,
        equals: expect.equals ?? null,
        cites: expect.cites ?? null,
        finish: expect.finish ?? null,
      },
    })),
    budget: budget ? { ...money(budget.amount), period: budget.period, onExceed: budget.on_exceed ?? 'refuse' } : null,
    limits: {
      requestsPerMinute: limits?.requests_per_minute ?? null,
      tokensPerMinute: limits?.tokens_per_minute ?? null,
      parallel: limits?.parallel ?? null,
      toolRounds: limits?.tool_rounds ?? 8,
      deadlineMs: limits?.deadline ? milliseconds(limits.deadline) : null,
    },
    cache: {
      exact: cache?.exact ?? false,
      semantic: cache?.semantic ?? false,
      ttlMs: milliseconds(cache?.ttl ?? '1h'),
    },
    policy: {
      pii: policy?.pii ?? 'allow',
      secrets: policy?.secrets ?? 'allow',
      deny: policy?.deny ?? [],
      untrusted: policy?.untrusted ?? 'mark',
      egress: policy?.egress ?? [],
      retentionMs: policy?.retention ? milliseconds(policy.retention) : null,
      data: policy?.data ?? 'internal',
    },
    kpi: compileKpi(manifest.kpi),
  };
}
