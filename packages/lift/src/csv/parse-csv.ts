/** Receives each record with the number of the line on which it starts (1 for the first). */
export type CsvRowHandler = (fields: string[], line: number) => void;

/** An incremental reader: give it chunks as they come, then end it. */
export interface CsvParser {
  write(chunk: string): void;
  end(): void;
}

const CANDIDATES = [',', ';', '\t', '|'];

/** The delimiter that a header line uses most outside quotes; a comma where there is none. */
export function detectDelimiter(line: string): string {
  const bare = line.replace(/"[^"]*"/g, '');
  let best = ',';
  let most = 0;
  for (const candidate of CANDIDATES) {
    const count = bare.split(candidate).length - 1;
    if (count > most) {
      most = count;
      best = candidate;
    }
  }
  return best;
}

/** A quoted field past either of these is taken for a quote that somebody forgot to close. */
export const mostQuotedCharacters = 65_536;
export const mostQuotedLines = 1_000;

/**
 * RFC 4180 in a stream: quotes with doubled quotes and line breaks inside, LF or CRLF, a byte-order mark, and a
 * delimiter detected from the first line unless given. Empty lines are passed over. Holds one record at a time.
 *
 * @param onBroken Told of a line whose quote never closes: it runs past the bounds or the end of the file, or what closes
 *   it some lines later is no end of a field. Only that line is lost; reading goes on with the next one.
 */
export function createCsvParser(
  onRow: CsvRowHandler,
  onBroken: (line: number, reason: string) => void,
  options: { delimiter?: string } = {},
): CsvParser {
  let delimiter = options.delimiter;
  let rest = '';
  let line = 1;
  let started = false;
  /** Inside the rest of a broken line. */
  let skipping = false;

  const emit = (text: string) => {
    const record = text.endsWith('\r') ? text.slice(0, -1) : text;
    const at = line;
    line += 1;
    if (record === '') return;
    delimiter ??= detectDelimiter(record);
    if (!record.includes('"')) {
      onRow(record.split(delimiter), at);
      return;
    }
    for (let i = record.indexOf('\n'); i >= 0; i = record.indexOf('\n', i + 1)) line += 1;
    onRow(splitQuoted(record, delimiter), at);
  };

  /** Emits whole records of `text`, returns what is left of the last; at the end of the file nothing is left. */
  const drain = (text: string, ended: boolean): string => {
    let from = 0;
    while (from < text.length) {
      let end = text.indexOf('\n', from);
      if (skipping) {
        if (end < 0) return '';
        skipping = false;
        from = end + 1;
        continue;
      }
      const quote = text.indexOf('"', from);
      if (quote >= 0 && (end < 0 || quote < end)) {
        const found = recordEnd(text, from, delimiter, ended);
        if (typeof found === 'string') {
          onBroken(line, found);
          line += 1;
          skipping = true;
          continue;
        }
        end = found;
      } else if (end < 0 && ended) end = text.length;
      if (end < 0) return text.slice(from);
      emit(text.slice(from, end));
      from = end + 1;
    }
    return '';
  };

  return {
    write(chunk) {
      let text = rest + chunk;
      if (!started && text.length > 0) {
        started = true;
        if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
      }
      rest = drain(text, false);
    },
    end() {
      rest = drain(rest, true);
    },
  };
}

/**
 * Index of the line break that ends the record at `from`, −1 where more text is needed, or why the record's quote was
 * never closed. A quote opens only at the start of a field.
 */
function recordEnd(text: string, from: number, delimiter: string | undefined, ended: boolean): number | string {
  const delimits = (char: string) => (delimiter ? char === delimiter : CANDIDATES.includes(char));
  let open = false;
  let justClosed = false;
  let openedAt = from;
  let lines = 0;
  for (let i = from; i < text.length; i++) {
    const char = text[i] as string;
    if (justClosed && char !== '"' && lines > 0 && !delimits(char) && char !== '\n' && char !== '\r')
      return `a quote that never closes: the next one, ${lines} lines later, ends no field`;
    if (char === '"') {
      if (open) {
        open = false;
        justClosed = true;
        continue;
      }
      const starts = i === from || delimits(text[i - 1] as string);
      if (starts && !justClosed) {
        openedAt = i;
        lines = 0;
      }
      if (starts || justClosed) open = true;
    } else if (char === '\n') {
      if (!open) return i;
      lines += 1;
    }
    justClosed = false;
    if (open && (lines > mostQuotedLines || i - openedAt > mostQuotedCharacters))
      return `a quote that never closes: past ${mostQuotedLines} lines or ${mostQuotedCharacters} characters`;
  }
  if (!ended) return -1;
  return open ? 'a quote that never closes: the file ends inside it' : text.length;
}

function splitQuoted(record: string, delimiter: string): string[] {
  const fields: string[] = [];
  let i = 0;
  for (;;) {
    let field = '';
    if (record[i] === '"') {
      i += 1;
      for (;;) {
        const close = record.indexOf('"', i);
        if (close < 0) {
          field += record.slice(i);
          i = record.length;
          break;
        }
        field += record.slice(i, close);
        if (record[close + 1] === '"') {
          field += '"';
          i = close + 2;
        } else {
          i = close + 1;
          break;
        }
      }
    }
    const next = record.indexOf(delimiter, i);
    field += next < 0 ? record.slice(i) : record.slice(i, next);
    fields.push(field);
    if (next < 0) return fields;
    i = next + delimiter.length;
  }
}
