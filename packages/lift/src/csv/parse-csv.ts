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

/**
 * RFC 4180 in a stream: quotes with doubled quotes and line breaks inside, LF or CRLF, a byte-order mark, and a
 * delimiter detected from the first line unless given. Empty lines are passed over. Holds one record at a time.
 */
export function createCsvParser(onRow: CsvRowHandler, options: { delimiter?: string } = {}): CsvParser {
  let delimiter = options.delimiter;
  let rest = '';
  let line = 1;
  let started = false;

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

  /** Emits whole records of `text`, returns what is left of the last. */
  const drain = (text: string): string => {
    let from = 0;
    for (;;) {
      let end = text.indexOf('\n', from);
      if (end < 0) return text.slice(from);
      const quote = text.indexOf('"', from);
      if (quote >= 0 && quote < end) {
        end = recordEnd(text, from, delimiter);
        if (end < 0) return text.slice(from);
      }
      emit(text.slice(from, end));
      from = end + 1;
    }
  };

  return {
    write(chunk) {
      let text = rest + chunk;
      if (!started && text.length > 0) {
        started = true;
        if (text.charCodeAt(0) === 0xfeff) text = text.slice(1);
      }
      rest = drain(text);
    },
    end() {
      if (rest !== '') emit(rest);
      rest = '';
    },
  };
}

/** Index of the line break that ends the record at `from`, or −1. A quote opens only at the start of a field. */
function recordEnd(text: string, from: number, delimiter: string | undefined): number {
  let open = false;
  let justClosed = false;
  for (let i = from; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '"') {
      const before = text[i - 1] as string;
      const fieldStart = i === from || (delimiter ? before === delimiter : CANDIDATES.includes(before));
      if (open) {
        open = false;
        justClosed = true;
        continue;
      }
      if (fieldStart || justClosed) open = true;
    } else if (char === '\n' && !open) return i;
    justClosed = false;
  }
  return -1;
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
