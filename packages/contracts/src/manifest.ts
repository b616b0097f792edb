/**
 * The manifest: the declarative text that defines an app. `manifestSchema` checks what people write (YAML read to plain
 * data); `CompiledManifest` is the canonical form that is hashed, stored and run. Data only: no code, no secrets, no
 * model ids.
 */
import { z } from 'zod';

const principal = z
  .string()
  .regex(
    /^(everyone|group:[\w.-]+|person:[\w.@+-]+)$/,
    'expected `everyone`, `group:<name>` or `person:<id or email>`',
  );

const localized = z.union([
  z.string().min(1).max(2_000),
  z.strictObject({ en: z.string().min(1).max(2_000).optional(), zh: z.string().min(1).max(2_000).optional() }),
]);

/** `40 USD`, `3.20 CNY`; a number and an ISO 4217 code. */
const moneyText = z.string().regex(/^\d+(\.\d{1,6})? [A-Z]{3}$/, 'expected an amount and a currency, such as `40 USD`');
const percent = z.string().regex(/^\d+(\.\d+)?%$/, 'expected a percentage, such as `10%`');
const duration = z.string().regex(/^\d+(m|h|d|w)$/, 'expected a duration, such as `30m`, `24h`, `7d` or `2w`');
const moneyPerUnit = z
  .string()
  .regex(/^\d+(\.\d{1,6})? [A-Z]{3} per unit$/, 'expected an amount per unit, such as `3.20 USD per unit`');

export const manifestCapability = z.enum(['generate', 'tools', 'vision', 'json', 'zh', 'long', 'reasoning', 'audio']);

const builtinTool = z.strictObject({
  tool: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/),
  approval: z.enum(['never', 'always']).optional(),
});
const mcpTool = z.strictObject({
  mcp: z.string().min(1).max(200),
  allow: z.array(z.string().min(1).max(128)).min(1),
  approval: z.enum(['never', 'always']).optional(),
});

const evalExpectation = z
  .strictObject({
    contains: z.union([z.string(), z.array(z.string())]).optional(),
    excludes: z.union([z.string(), z.array(z.string())]).optional(),
    matches: z.string().max(500).optional(),
    equals: z.string().optional(),
    cites: z.union([z.boolean(), z.string()]).optional(),
    finish: z.enum(['stop', 'notFound', 'length', 'toolCalls']).optional(),
  })
  .refine(
    (value) => Object.keys(value).length > 0,
    'expected at least one of contains, excludes, matches, equals, cites, finish',
  );

export const manifestSchema = z.strictObject({
  apiVersion: z.literal('myriad/v1').optional(),
  kind: z.literal('App'),
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/, 'expected lower-case letters, digits and hyphens, at most 64'),
  title: localized.optional(),
  description: localized,
  owner: principal.optional(),
  access: z
    .strictObject({ use: z.array(principal).min(1).optional(), edit: z.array(principal).min(1).optional() })
    .optional(),
  instructions: z.string().min(1).max(100_000),
  model: z
    .strictObject({
      capabilities: z.array(manifestCapability).optional(),
      optimize: z.enum(['cost', 'speed', 'quality', 'balanced']).optional(),
      temperature: z.number().min(0).max(2).optional(),
      maxOutputTokens: z.int().min(1).max(1_000_000).optional(),
      reasoning: z.enum(['none', 'minimal', 'low', 'medium', 'high']).optional(),
    })
    .optional(),
  inputs: z.record(z.string(), z.unknown()).optional(),
  output: z.record(z.string(), z.unknown()).optional(),
  knowledge: z
    .array(
      z.string().regex(/^(library|drive|conversation|app):[^\s]+$/, 'expected `library:<name>` or `drive:/<path>`'),
    )
    .optional(),
  tools: z
    .array(z.union([builtinTool, mcpTool]))
    .max(64)
    .optional(),
  starters: z.array(localized).max(8).optional(),
  expose: z
    .array(z.enum(['chat', 'api', 'mcp']))
    .min(1)
    .optional(),
  evals: z
    .array(
      z.strictObject({
        name: z.string().max(200).optional(),
        input: z.string().min(1),
        inputs: z.record(z.string(), z.unknown()).optional(),
        expect: evalExpectation,
      }),
    )
    .max(1_000)
    .optional(),
  budget: z
    .strictObject({
      amount: moneyText,
      period: z.enum(['hour', 'day', 'week', 'month', 'total']),
      on_exceed: z.enum(['refuse', 'downgrade', 'queue']).optional(),
    })
    .optional(),
  limits: z
    .strictObject({
      requests_per_minute: z.int().min(1).optional(),
      tokens_per_minute: z.int().min(1).optional(),
      parallel: z.int().min(1).optional(),
      tool_rounds: z.int().min(0).max(50).optional(),
      deadline: duration.optional(),
    })
    .optional(),
  cache: z
    .strictObject({ exact: z.boolean().optional(), semantic: z.boolean().optional(), ttl: duration.optional() })
    .optional(),
  policy: z
    .strictObject({
      pii: z.enum(['allow', 'mask', 'block']).optional(),
      secrets: z.enum(['allow', 'mask', 'block']).optional(),
      deny: z.array(z.string().min(1).max(200)).max(1_000).optional(),
      untrusted: z.enum(['mark', 'allow']).optional(),
      egress: z.array(z.string()).optional(),
      retention: duration.optional(),
      data: z.enum(['public', 'internal', 'private']).optional(),
    })
    .optional(),
  kpi: z
    .strictObject({
      metric: z.string().regex(/^[a-z][a-z0-9_]{0,127}$/, 'expected a KPI name such as `refund_cycle_hours`'),
      goal: z
        .strictObject({
          direction: z.enum(['increase', 'decrease']),
          by: percent.optional(),
          value: moneyPerUnit.optional(),
        })
        .optional(),
      experiment: z
        .strictObject({
          unit: z.enum(['user', 'team', 'store', 'account', 'session', 'device', 'custom']).optional(),
          holdout: percent.optional(),
          window: duration.optional(),
          guardrails: z.array(z.string()).optional(),
          baseline: z.union([z.literal('none'), z.literal('model'), z.string().regex(/^version:\d+$/)]).optional(),
        })
        .optional(),
    })
    .optional(),
});

/** What people write, read from YAML and checked. */
export type Manifest = z.infer<typeof manifestSchema>;

export interface LocalizedText {
  readonly en: string;
  readonly zh: string;
}

export type CompiledTool =
  | { readonly kind: 'builtin'; readonly name: string; readonly approval: 'never' | 'always' }
  | {
      readonly kind: 'mcp';
      readonly server: string;
      readonly allow: readonly string[];
      readonly approval: 'never' | 'always';
    };

export interface CompiledEval {
  readonly name: string;
  readonly input: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expect: {
    readonly contains: readonly string[];
    readonly excludes: readonly string[];
    readonly matches: string | null;
    readonly equals: string | null;
    readonly cites: boolean | string | null;
    readonly finish: string | null;
  };
}

/** The canonical form: every default filled in, units resolved (ms, micros, ratios). Its JSON's SHA-256 is the version. */
export interface CompiledManifest {
  readonly schema: 1;
  readonly name: string;
  readonly title: LocalizedText;
  readonly description: LocalizedText;
  readonly owner: string | null;
  readonly access: { readonly use: readonly string[]; readonly edit: readonly string[] };
  readonly instructions: string;
  readonly model: {
    readonly capabilities: readonly z.infer<typeof manifestCapability>[];
    readonly optimize: 'cost' | 'speed' | 'quality' | 'balanced';
    readonly temperature: number | null;
    readonly maxOutputTokens: number | null;
    readonly reasoning: 'none' | 'minimal' | 'low' | 'medium' | 'high' | null;
  };
  readonly inputs: Readonly<Record<string, unknown>> | null;
  readonly output: Readonly<Record<string, unknown>> | null;
  readonly knowledge: readonly string[];
  readonly tools: readonly CompiledTool[];
  readonly starters: readonly LocalizedText[];
  readonly expose: readonly ('chat' | 'api' | 'mcp')[];
  readonly evals: readonly CompiledEval[];
  readonly budget: {
    readonly micros: number;
    readonly currency: string;
    readonly period: 'hour' | 'day' | 'week' | 'month' | 'total';
    readonly onExceed: 'refuse' | 'downgrade' | 'queue';
  } | null;
  readonly limits: {
    readonly requestsPerMinute: number | null;
    readonly tokensPerMinute: number | null;
    readonly parallel: number | null;
    readonly toolRounds: number;
    readonly deadlineMs: number | null;
  };
  readonly cache: { readonly exact: boolean; readonly semantic: boolean; readonly ttlMs: number };
  readonly policy: {
    readonly pii: 'allow' | 'mask' | 'block';
    readonly secrets: 'allow' | 'mask' | 'block';
    readonly deny: readonly string[];
    readonly untrusted: 'mark' | 'allow';
    readonly egress: readonly string[];
    readonly retentionMs: number | null;
    readonly data: 'public' | 'internal' | 'private';
  };
  readonly kpi: {
    readonly metric: string;
    readonly direction: 'increase' | 'decrease';
    /** Relative goal, 0.15 for 15 %; null when none is set. */
    readonly goalRatio: number | null;
    readonly valueMicrosPerUnit: number | null;
    readonly valueCurrency: string | null;
    readonly experiment: {
      readonly unit: string;
      /** Share of units kept without the app, 0 to 1. */
      readonly holdoutRatio: number;
      readonly windowMs: number;
      readonly guardrails: readonly string[];
      /** What the holdout meets: nothing, the plain model, or an older version's number. */
      readonly baseline: 'none' | 'model' | { readonly version: number };
    } | null;
  } | null;
}

/** One fault of a manifest, placed in its text. Lines and columns are 1-based. */
export interface ManifestIssue {
  readonly severity: 'error' | 'warning';
  readonly line: number;
  readonly column: number;
  /** Dotted path of the field, such as `kpi.experiment.holdout`. */
  readonly field: string;
  readonly message: string;
  readonly expected: string | null;
  readonly didYouMean: string | null;
}
