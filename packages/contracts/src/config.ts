/** The one configuration: schema, defaults, units. Order: default → file → `MYRIAD_*` → flag. Frozen after start. */
import { z } from 'zod';
import { routingRuleSchema } from './routing-rules.ts';

const secretReference = z.string().regex(/^(env:[A-Z0-9_]+|file:\/.+)$/, 'expected `env:NAME` or `file:/path`');

const gibibytes = (usual: number) =>
  z
    .int()
    .min(1_024)
    .default(usual * 1024 ** 3);

export const configSchema = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  port: z.int().min(0).max(65_535).default(8420).describe('Port to listen on; 0 takes a free one.'),
  data: z.string().min(1).default('./myriad-data').describe('Folder of all data.'),
  publicUrl: z.url().optional().describe('Address under which people reach this node, when it is behind a proxy.'),
  database: z
    .string()
    .regex(/^(sqlite|postgres(ql)?:\/\/.+|env:[A-Z0-9_]+|file:\/.+)$/)
    .default('sqlite')
    .describe('`sqlite` (in the data folder), a PostgreSQL URL, or a reference to one.'),
  blobs: z
    .string()
    .regex(/^(folder|s3:\/\/[a-z0-9][a-z0-9.-]{1,62}(\/[^?]*)?\?.+|env:[A-Z0-9_]+|file:\/.+)$/)
    .default('folder')
    .describe(
      'Where bytes lie: `folder` (in the data folder), or `s3://bucket/prefix?endpoint=https://…&region=…&keyId=env:NAME&key=env:NAME`.',
    ),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .default('USD')
    .describe('Currency in which totals are shown.'),
  exchangeRates: z
    .record(z.string().regex(/^[A-Z]{3}$/), z.number().positive())
    .default({})
    .describe('What 1 unit of a foreign currency is worth in `currency`.'),
  timeZone: z.string().default('UTC').describe('IANA zone in which budget periods begin.'),
  language: z.enum(['en', 'zh']).default('en').describe('Language for people who have not chosen one.'),
  detectLocalModels: z.boolean().default(true).describe('Look for model servers on loopback.'),
  models: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        provider: z.string().min(1),
        model: z.string().min(1),
        baseUrl: z.url().optional(),
        key: secretReference.optional(),
        capabilities: z.array(z.string()).optional(),
        concurrency: z.int().min(1).optional(),
        preference: z.number().optional(),
        options: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .default([])
    .describe('Base models attached by the operator.'),
  localModels: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'expected lower case letters, digits, `.`, `_`, `-`')
          .describe('Name under which it is downloaded; an offered model of the same name is replaced.'),
        url: z.url({ protocol: /^https?$/ }).describe('Address of one GGUF file; https, or http on loopback.'),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, 'expected 64 lower case hex digits')
          .optional()
          .describe('Checksum of the whole file; without it, it has to be given with each download.'),
        sizeBytes: z.int().min(1).optional(),
        licence: z.string().min(1).optional(),
        contextTokens: z.int().min(256).optional(),
        languages: z.array(z.string()).optional(),
      }),
    )
    .default([])
    .describe('Models that may be downloaded to this node, beside those offered.'),
  modelMirror: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Base address put in place of the host of the offered models, such as `https://models.example.org`.'),
  llamaServer: z.string().min(1).optional().describe('Path of `llama-server`; without it, it is looked for on PATH.'),
  localModelContextTokens: z
    .int()
    .min(512)
    .max(1_048_576)
    .default(8_192)
    .describe('Context that a downloaded model is run with, in tokens; memory grows with it.'),
  mcpServers: z
    .record(
      z.string(),
      z.strictObject({ url: z.url(), key: secretReference.optional(), allowPrivate: z.boolean().default(false) }),
    )
    .default({})
    .describe('MCP servers that manifests may name.'),
  webSearch: z
    .strictObject({
      provider: z.enum(['searxng', 'brave', 'bocha', 'tavily']).describe('Whose wire is spoken.'),
      url: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe('Base address; needed for SearXNG, the provider’s own for the others.'),
      key: secretReference.optional().describe('Reference to the key; SearXNG needs none.'),
    })
    .optional()
    .describe('Source of web pages for Search; without it only documents are searched.'),
  embedder: z
    .string()
    .min(1)
    .optional()
    .describe('Name of the attached model that embeds passages; the first that can, unless said.'),
  batch: z
    .strictObject({
      priceRatio: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe("Part of a model's price that a line of a batch pays."),
      parallel: z.int().min(1).max(1_024).default(16).describe('Lines of batches that run at once on this node.'),
      lines: z.int().min(1).max(1_000_000).default(50_000).describe('Most lines of one batch.'),
    })
    .prefault({}),
  cache: z
    .strictObject({
      bytes: z
        .int()
        .min(0)
        .default(64 * 1024 * 1024)
        .describe('Memory of the exact cache, and as much again of the semantic one.'),
      hitPriceRatio: z
        .number()
        .min(0)
        .max(1)
        .default(0)
        .describe('Price of a hit as a share of what the answer cost when a model gave it.'),
      likeness: z
        .number()
        .min(0.5)
        .max(1)
        .default(0.95)
        .describe('Least cosine of two questions that one answer of the semantic cache serves.'),
    })
    .prefault({}),
  policy: z
    .strictObject({
      pii: z.enum(['allow', 'mask', 'block']).default('allow').describe('Personal data in every run of this node.'),
      secrets: z.enum(['allow', 'mask', 'block']).default('allow').describe('Keys and passwords in every run.'),
      deny: z
        .array(z.string().min(1).max(200))
        .max(1_000)
        .default([])
        .describe('Phrases that no run takes or gives, in any case or width.'),
    })
    .prefault({}),
  routing: z
    .array(routingRuleSchema)
    .max(200)
    .default([])
    .describe('Rules that put attached models in order for some runs; the first that fits a call decides.'),
  telemetry: z
    .strictObject({
      endpoint: z
        .url({ protocol: /^https?$/ })
        .optional()
        .describe('Base address of an OTLP/HTTP receiver; traces go to `/v1/traces` beneath it. Off without one.'),
      headers: z
        .record(z.string().regex(/^[A-Za-z0-9-]+$/), secretReference)
        .default({})
        .describe('Headers sent to the receiver, each by reference.'),
      sampleRatio: z
        .number()
        .min(0)
        .max(1)
        .optional()
        .describe('Share of traces begun here that are kept; all unless said.'),
      content: z.boolean().default(false).describe('Also send prompts and answers to the receiver, masked.'),
      serviceName: z.string().min(1).optional().describe('`service.name` of the traces; `myriad` unless said.'),
    })
    .prefault({}),
  limits: z
    .strictObject({
      bodyBytes: z
        .int()
        .min(1_024)
        .default(20 * 1024 * 1024)
        .describe('Largest JSON body, after decompression.'),
      uploadBytes: z
        .int()
        .min(1_024)
        .default(200 * 1024 * 1024)
        .describe('Largest uploaded file.'),
      shutdownMs: z.int().min(0).default(10_000).describe('Time that streams in flight get at SIGTERM.'),
      parseMs: z.int().min(100).default(120_000).describe('Time a parser gets per file.'),
      parseMemoryBytes: z
        .int()
        .min(16 * 1024 * 1024)
        .default(512 * 1024 * 1024)
        .describe('Memory a parser gets.'),
      queuePerApp: z.int().min(1).default(256).describe('Runs of one app that may wait.'),
      queueMs: z.int().min(0).default(60_000).describe('Longest wait for a slot.'),
    })
    .prefault({}),
  drive: z
    .strictObject({
      memberBytes: gibibytes(50).describe('What the drive of a member may hold, all versions and the trash included.'),
      builderBytes: gibibytes(100).describe('What the drive of a builder may hold.'),
      ownerBytes: gibibytes(200).describe('What the drive of an owner may hold.'),
      houseBytes: gibibytes(1_024).describe("What the organisation's drive may hold."),
      fileBytes: gibibytes(100).describe('Largest file of a drive.'),
      versions: z.int().min(1).max(1_000).default(50).describe('Versions of a file that are kept.'),
      trashDays: z.int().min(1).default(30).describe('Days after which what lies in the trash is deleted.'),
    })
    .prefault({}),
  timeouts: z
    .strictObject({
      connectMs: z.int().min(1).default(5_000).describe('Time to reach a model server.'),
      firstTokenMs: z.int().min(1).default(120_000).describe('Time until the first token of a stream.'),
      chunkGapMs: z.int().min(1).default(60_000).describe('Longest silence inside an answer.'),
      totalMs: z.int().min(1).default(600_000).describe('Longest call of a model.'),
    })
    .prefault({}),
  log: z.enum(['silent', 'error', 'info', 'debug']).default('info'),
});

export type Config = z.infer<typeof configSchema>;

export type ConfigSource = 'default' | 'file' | 'environment' | 'flag';

/** One line of `myriad config show`. Secrets are shown as their reference. */
export interface ConfigEntry {
  readonly path: string;
  readonly value: unknown;
  readonly source: ConfigSource;
  readonly description: string | null;
}
