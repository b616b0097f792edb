/** An app as MCP shows it: a tool that may be called, and a resource that may be read. */
import type { AppRecord, AppVersion, Citation, LocalizedText, RunRecord } from '@myriad/contracts';

export type Language = 'en' | 'zh';
type Schema = Readonly<Record<string, unknown>>;

const uriPrefix = 'myriad://apps/';
export const appUriTemplate = `${uriPrefix}{name}`;

export function uriOf(app: Pick<AppRecord, 'name'>): string {
  return uriPrefix + encodeURIComponent(app.name);
}

/** The app's name in an address, or null when it is not one of ours. */
export function nameInUri(uri: string): string | null {
  if (!uri.startsWith(uriPrefix)) return null;
  try {
    return decodeURIComponent(uri.slice(uriPrefix.length)) || null;
  } catch {
    return null;
  }
}

export function wordsOf(app: AppRecord, language: Language): { readonly title: string; readonly description: string } {
  return language === 'zh'
    ? { title: app.titleZh || app.titleEn, description: app.descriptionZh || app.descriptionEn }
    : { title: app.titleEn || app.titleZh, description: app.descriptionEn || app.descriptionZh };
}

/** `message`, and beside it the fields of the manifest's `inputs`. An input of the name `message` is the message too. */
export function inputSchemaOf(inputs: Schema | null, language: Language): Schema {
  const message = {
    type: 'string',
    minLength: 1,
    description: language === 'zh' ? '要对应用说的话' : 'What to say to the app',
  };
  const properties = (inputs?.properties ?? {}) as Schema;
  const required = Array.isArray(inputs?.required) ? (inputs.required as string[]) : [];
  return {
    ...(inputs ?? {}),
    type: 'object',
    properties: { message, ...properties },
    required: [...new Set(['message', ...required])],
    additionalProperties: inputs?.additionalProperties ?? false,
  };
}

/** What `structuredContent` of a call holds. */
export const outputSchema: Schema = {
  type: 'object',
  properties: {
    text: { type: 'string' },
    output: { description: 'The text parsed, where the app answers in JSON.' },
    found: { type: 'boolean', description: 'False when the documents do not answer the question.' },
    citations: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          number: { type: 'integer' },
          document: { type: 'string' },
          document_id: { type: 'string' },
          quote: { type: 'string' },
          page: { type: ['integer', 'null'] },
        },
        required: ['number', 'document', 'quote'],
      },
    },
    run_id: { type: 'string' },
    model: { type: ['string', 'null'] },
    variant: { type: 'string' },
    usage: {
      type: 'object',
      properties: { input_tokens: { type: 'integer' }, output_tokens: { type: 'integer' } },
      required: ['input_tokens', 'output_tokens'],
    },
    cost: {
      type: ['object', 'null'],
      description: 'null when a model of the run has no known price.',
      properties: { micros: { type: 'integer' }, currency: { type: 'string' } },
    },
  },
  required: ['text', 'found', 'citations', 'run_id', 'cost'],
};

export function encodeTool(app: AppRecord, version: AppVersion | null, language: Language) {
  return {
    name: app.name,
    ...wordsOf(app, language),
    inputSchema: inputSchemaOf(version?.manifest.inputs ?? null, language) as { type: 'object' },
    outputSchema: outputSchema as { type: 'object' },
    // What an app does beyond answering is behind its own tools and their approvals, so nothing is promised here.
    annotations: { openWorldHint: true },
    _meta: { 'myriad.dev/version': app.currentVersion, 'myriad.dev/resource': uriOf(app) },
  };
}

export function encodeResource(app: AppRecord, language: Language) {
  return { uri: uriOf(app), name: app.name, ...wordsOf(app, language), mimeType: 'application/json' };
}

/** Public facts of the manifest; never its instructions, tools' settings or who may edit it. */
export function publicFacts(app: AppRecord, version: AppVersion | null): object {
  const manifest = version?.manifest;
  return {
    name: app.name,
    title: { en: app.titleEn, zh: app.titleZh } satisfies LocalizedText,
    description: { en: app.descriptionEn, zh: app.descriptionZh } satisfies LocalizedText,
    version: app.currentVersion,
    version_number: app.versionNumber,
    published_at: version ? new Date(version.publishedAt).toISOString() : null,
    expose: app.expose,
    inputs: manifest?.inputs ?? null,
    output: manifest?.output ?? null,
    starters: manifest?.starters ?? [],
    capabilities: manifest?.model.capabilities ?? [],
    reads_knowledge: (manifest?.knowledge.length ?? 0) > 0,
  };
}

export interface GatheredRun {
  readonly text: string;
  readonly found: boolean;
  readonly citations: readonly Citation[];
  readonly run: RunRecord;
}

export function encodeResult({ text, found, citations, run }: GatheredRun, version: AppVersion | null) {
  const output = version?.manifest.output ? parsed(text) : undefined;
  return {
    content: [{ type: 'text' as const, text }],
    structuredContent: {
      text,
      ...(output === undefined ? {} : { output }),
      found,
      citations: citations.map((citation) => ({
        number: citation.number,
        document: citation.documentName,
        document_id: citation.documentId,
        quote: citation.quote,
        page: citation.page ?? null,
      })),
      run_id: run.id,
      model: run.model,
      variant: run.delivered,
      usage: { input_tokens: run.usage.inputTokens, output_tokens: run.usage.outputTokens },
      cost: run.costMicros === null ? null : { micros: run.costMicros, currency: run.currency },
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
