import { manifestSchema } from '@myriad/contracts';
import { z } from 'zod';

export type JsonSchema = { readonly [key: string]: unknown };

const fieldHelp: Readonly<Record<string, string>> = {
  apiVersion: 'Version of this format; `myriad/v1`.',
  kind: 'Always `App`.',
  name: 'Name in addresses and of the model entry `app:<name>`: lower-case letters, digits and hyphens, at most 64.',
  title: 'Name shown to people; one text, or `{en, zh}`.',
  description: 'What it does and when to use it; one text, or `{en, zh}`.',
  owner: 'Who answers for it: `group:<name>` or `person:<id>`; the person who creates it unless said.',
  access: 'Who may use and who may edit it; only its owner unless said.',
  instructions: 'What the model is told before the conversation.',
  model: 'What the app needs of a base model. Capabilities, never a model’s name.',
  inputs: 'JSON Schema of fields that every run must bring.',
  output: 'JSON Schema of the answer; the model is held to it.',
  knowledge: 'Documents that it may read: `library:<name>` or `drive:/<folder>`, trimmed to what the caller may read.',
  tools: 'Built-in tools (`{tool: calculator}`) and tools of MCP servers (`{mcp: name, allow: [tool]}`).',
  starters: 'Questions offered on an empty page.',
  expose: 'Where it can be reached: `chat`, `api`, `mcp`.',
  evals: 'Examples that must pass before a version is published.',
  budget: 'Most that it may spend in a period, and what happens then.',
  limits: 'Rates, parallel runs, rounds of tools and the deadline of a run.',
  cache: 'Whether equal requests may be answered from memory.',
  policy: 'What may pass in and out.',
  kpi: 'The business indicator that it is judged by, and the experiment that measures it.',
};

let cached: JsonSchema | null = null;

/** JSON Schema (draft 2020-12) of what people write, for editors. */
export function manifestJsonSchema(): JsonSchema {
  if (cached) return cached;
  const schema = z.toJSONSchema(manifestSchema, { io: 'input' }) as Record<string, unknown>;
  const properties = schema.properties as Record<string, JsonSchema>;
  const described = Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, { description: fieldHelp[key], ...value }]),
  );
  cached = { ...schema, title: 'Myriad app', properties: described };
  return cached;
}

/** Schemas that may stand at a path of a manifest; several where there is a choice. */
export function schemasAt(path: readonly PropertyKey[]): readonly JsonSchema[] {
  let schemas = choices(manifestJsonSchema());
  for (const step of path) {
    schemas = schemas.flatMap((schema) => {
      const next =
        typeof step === 'number'
          ? schema.items
          : ((schema.properties as Record<string, unknown> | undefined)?.[String(step)] ??
            (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined));
      return next && typeof next === 'object' ? choices(next as JsonSchema) : [];
    });
  }
  return schemas;
}

function choices(schema: JsonSchema): readonly JsonSchema[] {
  const options = (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
  return options ? options.flatMap(choices) : [schema];
}

/** Field names allowed at a path. */
export function fieldsAt(path: readonly PropertyKey[]): readonly string[] {
  return [...new Set(schemasAt(path).flatMap((schema) => Object.keys((schema.properties as object) ?? {})))];
}
