import { MyriadError } from '@myriad/contracts';
import { Ajv, type ValidateFunction } from 'ajv';

const maxSchemaBytes = 64 * 1024;
const maxValueBytes = 256 * 1024;
const compiled = new WeakMap<object, ValidateFunction>();

/**
 * Compiles a JSON Schema with strict limits; remembered as long as the schema object lives, and no longer.
 *
 * @throws Error in plain words when the schema is too large or not a schema.
 */
export function compileSchema(schema: Readonly<Record<string, unknown>>): ValidateFunction {
  const known = compiled.get(schema);
  if (known) return known;
  const text = JSON.stringify(schema);
  if (text.length > maxSchemaBytes) throw new Error(`it has ${text.length} bytes, at most ${maxSchemaBytes} are read.`);
  if (/"\$ref":"(?!#)/.test(text)) throw new Error('`$ref` may only point into the schema itself.');
  // One instance a schema: ajv keeps every schema that it has seen.
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false, logger: false, addUsedSchema: false });
  const validate = ajv.compile({ ...schema });
  compiled.set(schema, validate);
  return validate;
}

/**
 * Says what is wrong with a value, or null. The sentence names the field and the rule, never the value.
 */
export function schemaFault(schema: Readonly<Record<string, unknown>>, value: unknown): string | null {
  if (JSON.stringify(value ?? null).length > maxValueBytes) return `The value has more than ${maxValueBytes} bytes.`;
  const validate = compileSchema(schema);
  if (validate(value)) return null;
  const first = validate.errors?.[0];
  const field = first?.instancePath ? first.instancePath.slice(1).replaceAll('/', '.') : '';
  const extra = first?.keyword === 'additionalProperties' ? ` (\`${String(first.params.additionalProperty)}\`)` : '';
  return `${field ? `\`${field}\` ` : ''}${first?.message ?? 'is not valid'}${extra}.`;
}

/** @throws MyriadError `invalid_request` naming the field, when the inputs do not fit the manifest's schema. */
export function checkInputs(
  schema: Readonly<Record<string, unknown>> | null,
  inputs: Readonly<Record<string, unknown>>,
): void {
  if (!schema) {
    const name = Object.keys(inputs)[0];
    if (name === undefined) return;
    throw new MyriadError('invalid_request', `The app takes no inputs; there is \`${name}\`.`, {
      facts: { field: name },
    });
  }
  const fault = schemaFault(schema, inputs);
  if (fault)
    throw new MyriadError('invalid_request', `The inputs do not fit: ${fault}`, { facts: { field: 'inputs' } });
}
