import type { ManifestIssue } from '@myriad/contracts';
import type { z } from 'zod';
import { fieldsAt, schemasAt } from './manifest-json-schema.ts';
import type { ReadYaml } from './read-yaml.ts';
import { suggestName } from './suggest-name.ts';

type Issue = z.core.$ZodIssue;

/** `tools[0].allow`, as people write paths. */
export function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${String(step)}` : String(step)),
    '',
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (at && typeof at === 'object' ? (at as Record<PropertyKey, unknown>)[step] : undefined),
    value,
  );
}

/** Of a union's failed branches, the one that the writer most probably meant: it gets furthest with the fewest faults. */
function meantBranch(issue: Extract<Issue, { code: 'invalid_union' }>): readonly Issue[] {
  const cost = (branch: readonly Issue[]) =>
    branch.reduce((sum, { code, path, ...rest }) => {
      if (path.length === 0 && code === 'invalid_type') return sum + 100;
      if (code === 'unrecognized_keys') return sum + 3 * (rest as unknown as { keys: string[] }).keys.length;
      return sum + 2;
    }, 0);
  const branches = issue.errors as readonly (readonly Issue[])[];
  return [...branches].sort((left, right) => cost(left) - cost(right))[0] ?? [];
}

function flatten(issues: readonly Issue[], under: readonly PropertyKey[] = []): Issue[] {
  return issues.flatMap((issue) => {
    const path = [...under, ...issue.path];
    if (issue.code !== 'invalid_union') return [{ ...issue, path } as Issue];
    const branch = meantBranch(issue);
    const onlyWrongType =
      branch.length === 0 || branch.every((one) => one.path.length === 0 && one.code === 'invalid_type');
    return onlyWrongType ? [{ ...issue, path } as Issue] : flatten(branch, path);
  });
}

const kinds: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of fields',
  record: 'a group of fields',
};

/** What a pattern of the schema means, in words. */
const patternHelp: Readonly<Record<string, string>> = {
  '^\\d+(\\.\\d+)?%$': 'a percentage, such as `10%`',
  '^\\d+(\\.\\d{1,6})? [A-Z]{3}$': 'an amount and a currency, such as `40 USD`',
  '^\\d+(\\.\\d{1,6})? [A-Z]{3} per unit$': 'an amount per unit, such as `3.20 USD per unit`',
  '^\\d+(m|h|d|w)$': 'a duration, such as `30m`, `24h`, `7d` or `2w`',
  '^version:\\d+$': '`version:<number>`',
};

function expectedAt(path: readonly PropertyKey[]): string | null {
  const parts = schemasAt(path).map((schema) => {
    if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
    if ('const' in schema) return `\`${String(schema.const)}\``;
    return patternHelp[String(schema.pattern)] ?? kinds[String(schema.type)] ?? null;
  });
  const known = [...new Set(parts.filter((part): part is string => part !== null))];
  return known.length > 0 ? known.join(' or ') : null;
}

const foundKind = (value: unknown): string => {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return kinds[typeof value] ?? typeof value;
};

/** Turns the schema's findings into issues that name the line, the field, what was expected, and what was meant. */
export function placeIssues(found: readonly Issue[], yaml: ReadYaml): ManifestIssue[] {
  const issues = flatten(found).flatMap((issue): ManifestIssue[] => {
    const { path } = issue;
    const place = (want: 'key' | 'value', at = path) => ({ severity: 'error' as const, ...yaml.positionOf(at, want) });
    const written = valueAt(yaml.value, path);
    if (issue.code === 'unrecognized_keys') {
      const allowed = fieldsAt(path);
      return issue.keys.map((key) => ({
        ...place('key', [...path, key]),
        field: fieldName([...path, key]),
        message: `There is no field \`${key}\`${path.length > 0 ? ` in \`${fieldName(path)}\`` : ''}.`,
        expected: allowed.length > 0 ? `one of ${allowed.join(', ')}` : null,
        didYouMean: suggestName(key, allowed),
      }));
    }
    const field = fieldName(path);
    if (written === undefined) {
      return [
        { ...place('key'), field, message: `\`${field}\` is missing.`, expected: expectedAt(path), didYouMean: null },
      ];
    }
    if (issue.code === 'invalid_value') {
      const values = issue.values.map(String);
      return [
        {
          ...place('value'),
          field,
          message: `\`${field}\` cannot be \`${String(written).slice(0, 80)}\`.`,
          expected: values.length === 1 ? `\`${values[0]}\`` : `one of ${values.join(', ')}`,
          didYouMean: typeof written === 'string' ? suggestName(written, values) : null,
        },
      ];
    }
    if (issue.code === 'invalid_type' || issue.code === 'invalid_union') {
      const expected =
        expectedAt(path) ?? (issue.code === 'invalid_type' ? (kinds[issue.expected] ?? issue.expected) : null);
      return [
        {
          ...place('value'),
          field,
          message: `\`${field || 'The manifest'}\` is ${foundKind(written)}.`,
          expected,
          didYouMean: null,
        },
      ];
    }
    const told = issue.message.match(/^expected (.*)$/s)?.[1];
    return [
      {
        ...place('value'),
        field,
        message: told
          ? `\`${field}\` cannot be \`${String(written).slice(0, 80)}\`.`
          : `\`${field}\`: ${issue.message}.`,
        expected: told ?? boundOf(issue),
        didYouMean: null,
      },
    ];
  });
  return issues.sort((left, right) => left.line - right.line || left.column - right.column);
}

function boundOf(issue: Issue): string | null {
  if (issue.code === 'too_big') return `at most ${String(issue.maximum)}`;
  if (issue.code === 'too_small') return `at least ${String(issue.minimum)}`;
  return null;
}
