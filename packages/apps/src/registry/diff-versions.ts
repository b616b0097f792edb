import type { VersionDiff } from '@myriad/contracts';

const context = 3;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** Shortest edit script between two lists of lines (Myers 1986, the greedy algorithm of section 4 with its trace kept). */
function editScript(before: readonly string[], after: readonly string[]): Line[] {
  const most = before.length + after.length;
  let reach = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    trace.push(new Map(reach));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = reach.get(diagonal + 1) ?? -1;
      const right = reach.get(diagonal - 1) ?? -1;
      let x = diagonal === -edits || (diagonal !== edits && right < down) ? down : right + 1;
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x += 1;
      reach.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkBack(before, after, trace);
    }
    reach = new Map(reach);
  }
  return [];
}

function walkBack(before: readonly string[], after: readonly string[], trace: readonly Map<number, number>[]): Line[] {
  const lines: Line[] = [];
  let x = before.length;
  let y = after.length;
  for (let edits = trace.length - 1; edits >= 0; edits -= 1) {
    const reach = trace[edits] as Map<number, number>;
    const diagonal = x - y;
    const down = reach.get(diagonal + 1) ?? -1;
    const right = reach.get(diagonal - 1) ?? -1;
    const from = diagonal === -edits || (diagonal !== edits && right < down) ? diagonal + 1 : diagonal - 1;
    const fromX = edits === 0 ? 0 : (reach.get(from) ?? 0);
    const fromY = edits === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      lines.push({ sign: ' ', text: before[x] as string });
    }
    if (edits === 0) break;
    if (x === fromX) {
      y -= 1;
      lines.push({ sign: '+', text: after[y] as string });
    } else {
      x -= 1;
      lines.push({ sign: '-', text: before[x] as string });
    }
  }
  return lines.reverse();
}

/** Unified diff of two texts with three lines of context; empty when they are equal. */
export function unifiedDiff(before: string, after: string, names: readonly [string, string]): string {
  if (before === after) return '';
  const split = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
  const lines = editScript(split(before), split(after));
  const changed = lines.flatMap(({ sign }, index) => (sign === ' ' ? [] : [index]));
  const hunks: [number, number][] = [];
  for (const index of changed) {
    const last = hunks.at(-1);
    if (last && index - context <= last[1] + 1) last[1] = Math.min(lines.length - 1, index + context);
    else hunks.push([Math.max(0, index - context), Math.min(lines.length - 1, index + context)]);
  }
  const count = (list: readonly Line[], skip: '+' | '-') => list.filter(({ sign }) => sign !== skip).length;
  const parts = hunks.map(([from, to]) => {
    const above = lines.slice(0, from);
    const hunk = lines.slice(from, to + 1);
    const range = (skip: '+' | '-') => {
      const length = count(hunk, skip);
      return `${count(above, skip) + (length === 0 ? 0 : 1)},${length}`;
    };
    return [`@@ -${range('+')} +${range('-')} @@`, ...hunk.map(({ sign, text }) => sign + text)].join('\n');
  });
  return `--- ${names[0]}\n+++ ${names[1]}\n${parts.join('\n')}\n`;
}

/** Fields of the compiled forms that differ, by dotted path; lists are compared whole. */
export function changedFields(before: unknown, after: unknown, path = ''): VersionDiff['fields'] {
  const group = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (group(before) && group(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => changedFields(before[key], after[key], path ? `${path}.${key}` : key));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [{ field: path, before: before ?? null, after: after ?? null }];
}
