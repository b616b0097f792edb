/** What every parser makes of a file: its parts in reading order. Laid out as text by `layOutText`. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph' | 'item' | 'code'; readonly text: string }
  /** The first row may be the header. Cells hold no line breaks. */
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[]; readonly header: boolean }
  /** A page, slide or sheet begins here. */
  | { readonly kind: 'page' };

export interface ParsedFile {
  readonly blocks: readonly Block[];
  /** Pages, slides or sheets; null where the format has none. */
  readonly pages: number | null;
  /** Said beside a readable file that lacks something, such as pages without a text layer; null when whole. */
  readonly remark: string | null;
}

export interface FileToParse {
  readonly name: string;
  /** A parser may take the memory over; nobody reads it after. */
  readonly bytes: Uint8Array;
}

/** Reads one format. @throws ParseFailure with the reason in words. */
export type Parser = (file: FileToParse) => ParsedFile | Promise<ParsedFile>;
