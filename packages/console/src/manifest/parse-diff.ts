export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'place';
  readonly text: string;
  /** Number of the line in the text before and after; null where it has none. */
  readonly before: number | null;
  readonly after: number | null;
}

/** Reads a unified diff into lines with their numbers. The two file headers are left out. */
export function parseDiff(text: string): readonly DiffLine[] {
  const lines: DiffLine[] = [];
  let before = 1;
  let after = 1;
  let inside = false;
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const place = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (place) {
      inside = true;
      before = Number(place[1]);
      after = Number(place[2]);
      lines.push({ kind: 'place', text: line, before: null, after: null });
    } else if (!inside || line.startsWith('\\')) {
      // A header, or "\ No newline at end of file".
    } else if (line.startsWith('+')) {
      lines.push({ kind: 'added', text: line.slice(1), before: null, after });
      after += 1;
    } else if (line.startsWith('-')) {
      lines.push({ kind: 'removed', text: line.slice(1), before, after: null });
      before += 1;
    } else {
      lines.push({ kind: 'same', text: line.slice(1), before, after });
      before += 1;
      after += 1;
    }
  }
  return lines;
}
