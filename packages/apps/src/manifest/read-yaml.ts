import type { ManifestIssue } from '@myriad/contracts';
import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';

const maxBytes = 256 * 1024;
const maxDepth = 32;

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ReadYaml {
  /** Plain data; undefined when the text is no YAML. */
  readonly value: unknown;
  readonly issues: readonly ManifestIssue[];
  /** Where a field stands: its key, or its value, or the nearest parent that is there. */
  positionOf(path: readonly PropertyKey[], want: 'key' | 'value'): Position;
}

const start: Position = { line: 1, column: 1 };

const fault = (position: Position, message: string, expected: string | null = null): ManifestIssue => ({
  severity: 'error',
  ...position,
  field: '',
  message,
  expected,
  didYouMean: null,
});

const unreadable = (issue: ManifestIssue): ReadYaml => ({ value: undefined, issues: [issue], positionOf: () => start });

/** Deepest nesting by counting brackets and indentation, before a recursive parser sees the text. */
function nestsTooDeep(source: string): boolean {
  let open = 0;
  for (const character of source) {
    if (character === '[' || character === '{') open += 1;
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
    if (open > maxDepth * 4) return true;
  }
  return /^ {256}/m.test(source) || /(^|\n)([-?:] ){64}/.test(source);
}

/**
 * Reads YAML 1.2 as data only: no aliases (they can blow up), no tags, one document, at most 256 KiB and 32 levels.
 * Never throws: what is wrong comes back as issues with their place.
 */
export function readYaml(source: string): ReadYaml {
  const sizeBytes = Buffer.byteLength(source);
  if (sizeBytes > maxBytes)
    return unreadable(fault(start, `The manifest has ${sizeBytes} bytes.`, `at most ${maxBytes}`));
  if (nestsTooDeep(source))
    return unreadable(fault(start, 'The manifest is nested too deep.', `at most ${maxDepth} levels`));
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  let document: Document;
  try {
    document = parseDocument(source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  } catch (error) {
    return unreadable(fault(start, `The text is not YAML: ${(error as Error).message}`));
  }
  const issues = [...document.errors, ...document.warnings].map((error) =>
    fault(at(error.pos[0]), `The text is not YAML: ${error.message}.`.replace(/\.\.$/, '.')),
  );
  visit(document, {
    Alias(_, node) {
      issues.push(fault(at(node.range?.[0] ?? 0), 'Aliases (`*name`) are not allowed.', 'the value itself'));
    },
    Node(_, node, path) {
      if (path.length > maxDepth * 2) {
        issues.push(fault(at(node.range?.[0] ?? 0), 'The manifest is nested too deep.', `at most ${maxDepth} levels`));
        return visit.BREAK;
      }
      return undefined;
    },
  });
  if (issues.length > 0) return { value: undefined, issues, positionOf: () => start };
  return {
    value: document.toJS({ maxAliasCount: 0 }),
    issues: [],
    positionOf(path, want) {
      let node: unknown = document.contents;
      let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
      for (const [index, step] of path.entries()) {
        if (isMap(node)) {
          const pair = node.items.find(
            (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
          );
          if (!pair) break;
          const last = index === path.length - 1;
          const place = last && want === 'key' ? pair.key : (pair.value ?? pair.key);
          offset =
            (isNode(place) ? place.range?.[0] : undefined) ??
            (isNode(pair.key) ? pair.key.range?.[0] : undefined) ??
            offset;
          node = pair.value;
        } else if (isSeq(node)) {
          node = node.items[Number(step)];
          if (!isNode(node)) break;
          offset = node.range?.[0] ?? offset;
        } else break;
      }
      return at(offset);
    },
  };
}
