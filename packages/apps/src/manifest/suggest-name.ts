/** Edits (insert, delete, replace, swap of neighbours) between two words; Damerau-Levenshtein, restricted. */
export function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) cost = Math.min(cost, (before[column - 2] as number) + 1);
      current.push(cost);
    }
    before = last;
    last = current;
  }
  return last[right.length] as number;
}

/** The allowed word that was probably meant, or null when none is near (a third of its letters, at least two). */
export function suggestName(written: string, allowed: readonly string[]): string | null {
  const folded = written.slice(0, 64).toLowerCase();
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const word of allowed) {
    const distance = editDistance(folded, word.toLowerCase());
    if (distance < least) {
      least = distance;
      best = word;
    }
  }
  return best !== null && least <= Math.max(2, Math.floor(best.length / 3)) && least < best.length ? best : null;
}
