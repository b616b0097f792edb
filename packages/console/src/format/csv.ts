/**
 * Rows as CSV (RFC 4180), first the column names. A text that a spreadsheet would run as a formula gets a leading
 * apostrophe.
 */
export function toCsv(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [columns, ...rows].map((row) => row.map(cellOf).join(',')).join('\r\n');
}

function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Hands text to the reader as a file; a byte-order mark lets Excel read Chinese. */
export function saveText(name: string, text: string, mediaType: string): void {
  const mark = mediaType === 'text/csv' ? '\ufeff' : '';
  const address = URL.createObjectURL(new Blob([mark, text], { type: `${mediaType};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
