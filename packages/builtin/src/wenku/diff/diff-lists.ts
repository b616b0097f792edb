export interface ListEdit {
  readonly kind: 'same' | 'added' | 'removed';
  /** Place in the old list, or in the new one for what was added. */
  readonly at: number;
  /** Place in the new list of what is the same. */
  readonly to: number;
}

/** Past so many edits the middle is taken as replaced whole: a diff of two strangers must not cost minutes. */
const mostEdits = 2_000;

/**
 * Shortest edit from one list to another by Myers' greedy algorithm (An O(ND) difference algorithm, 1986, figure 2), after
 * the common head and tail are set aside.
 */
export function diffLists(before: readonly string[], after: readonly string[]): readonly ListEdit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1;
  const edits: ListEdit[] = [];
  for (let at = 0; at < head; at += 1) edits.push({ kind: 'same', at, to: at });
  edits.push(
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)).map((edit) => ({
      ...edit,
      at: edit.at + head,
      to: edit.to + head,
    })),
  );
  for (let at = tail; at > 0; at -= 1) edits.push({ kind: 'same', at: before.length - at, to: after.length - at });
  return edits;
}

function middle(before: readonly string[], after: readonly string[]): ListEdit[] {
  const n = before.length;
  const m = after.length;
  const most = Math.min(n + m, mostEdits);
  const furthest = new Map<number, number>([[1, 0]]);
  const trail: Map<number, number>[] = [];
  for (let d = 0; d <= most; d += 1) {
    trail.push(new Map(furthest));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = down ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1;
      while (x < n && x - k < m && before[x] === after[x - k]) x += 1;
      furthest.set(k, x);
      if (x >= n && x - k >= m) return walkBack(trail, n, m);
    }
  }
  return [
    ...before.map((_, at): ListEdit => ({ kind: 'removed', at, to: 0 })),
    ...after.map((_, at): ListEdit => ({ kind: 'added', at, to: at })),
  ];
}

function walkBack(trail: readonly Map<number, number>[], n: number, m: number): ListEdit[] {
  const edits: ListEdit[] = [];
  let x = n;
  let y = m;
  for (let d = trail.length - 1; d >= 0; d -= 1) {
    const furthest = trail[d] as Map<number, number>;
    const k = x - y;
    const down = k === -d || (k !== d && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
    const from = down ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : (furthest.get(from) ?? 0);
    const fromY = d === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      edits.push({ kind: 'same', at: x, to: y });
    }
    if (d === 0) break;
    if (down) edits.push({ kind: 'added', at: fromY, to: fromY });
    else edits.push({ kind: 'removed', at: fromX, to: fromY });
    x = fromX;
    y = fromY;
  }
  return edits.reverse();
}
