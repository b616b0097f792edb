/** What a command writes: for people by default, one JSON value with `--json`. Progress goes to standard error. */
export interface Terminal {
  readonly json: boolean;
  /** The answer: data for `--json`, text for people. */
  answer(data: unknown, text: () => string): void;
  /** A line on standard error, for people only. */
  note(text: string): void;
  /** A bar on a terminal, nothing elsewhere. */
  progress(label: string): Progress;
  write(text: string): void;
}

export interface Progress {
  /** @param ratio 0 to 1, or null when the end is not known. */
  update(ratio: number | null, detail?: string): void;
  end(): void;
}

export interface TerminalStreams {
  readonly out: { write(text: string): unknown };
  readonly err: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

const redrawMs = 100;

export function createTerminal(
  streams: TerminalStreams,
  json: boolean,
  now: () => number = () => performance.now(),
): Terminal {
  const { out, err } = streams;
  return {
    json,
    answer: (data, text) => {
      out.write(json ? `${JSON.stringify(data, null, 2)}\n` : `${text().replace(/\n$/, '')}\n`);
    },
    note: (text) => {
      if (!json) err.write(`${text}\n`);
    },
    write: (text) => {
      out.write(text);
    },
    progress(label) {
      if (!err.isTTY || json) return { update: () => {}, end: () => {} };
      const startedAt = now();
      let drawnAt = Number.NEGATIVE_INFINITY;
      return {
        update(ratio, detail = '') {
          if (now() - drawnAt < redrawMs && ratio !== 1) return;
          drawnAt = now();
          err.write(`\r\u001b[K${drawBar(label, ratio, detail, now() - startedAt)}`);
        },
        end: () => {
          err.write('\r\u001b[K');
        },
      };
    },
  };
}

/** `reading ██████░░░░ 60 % · 3 s left · 12 of 20`. */
export function drawBar(label: string, ratio: number | null, detail: string, elapsedMs: number): string {
  if (ratio === null) return `${label} ${detail}`;
  const filled = Math.round(Math.min(1, Math.max(0, ratio)) * 20);
  const left = ratio > 0.02 && ratio < 1 ? ` · ${Math.ceil(((elapsedMs / ratio) * (1 - ratio)) / 1000)} s left` : '';
  return `${label} ${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${Math.round(ratio * 100)} %${left}${detail ? ` · ${detail}` : ''}`;
}

/** Columns padded to their widest cell; wide (CJK) characters count two. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(width(title), ...rows.map((row) => width(row[column] ?? ''))));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell))))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}

function width(text: string): number {
  let columns = 0;
  for (const character of text)
    columns += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
      character,
    )
      ? 2
      : 1;
  return columns;
}
