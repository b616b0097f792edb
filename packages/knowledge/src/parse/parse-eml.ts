import type { Block, Parser } from './blocks.ts';
import { decodeText } from './decode-text.ts';
import { htmlBlocks } from './parse-html.ts';
import { textBlocks } from './parse-text.ts';
import { tidyLine } from './tidy-text.ts';

/** One mail: subject, who, when, and its text (the plain part, else the HTML one). Attachments are named, not read. */
export const parseEml: Parser = ({ bytes }) => {
  const message = readPart(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'), 0);
  const subject = headerText(message.headers.get('subject'));
  const lines = (['from', 'to', 'cc', 'date'] as const).flatMap((name) => {
    const value = headerText(message.headers.get(name));
    return value ? [`${name[0]!.toUpperCase()}${name.slice(1)}: ${value}`] : [];
  });
  const leaves = [...leavesOf(message)];
  const body =
    leaves.find((leaf) => leaf.type === 'text/plain' && !leaf.fileName) ??
    leaves.find((leaf) => leaf.type === 'text/html' && !leaf.fileName);
  const blocks: Block[] = [
    ...(subject ? [{ kind: 'heading', level: 1, text: subject } as const] : []),
    ...lines.map((text) => ({ kind: 'paragraph', text }) as const),
    ...(body ? bodyBlocks(body) : []),
    ...leaves.flatMap(({ fileName }) =>
      fileName ? [{ kind: 'item', text: `- Attachment: ${fileName}` } as const] : [],
    ),
  ];
  return { blocks, pages: null, remark: null };
};

interface MailPart {
  readonly headers: ReadonlyMap<string, string>;
  readonly type: string;
  readonly charset: string | undefined;
  readonly fileName: string | null;
  readonly body: string;
  readonly parts: readonly MailPart[];
}

/** MIME entity (RFC 2045, 2046); `latin1` so that one character is one byte. */
function readPart(source: string, depth: number): MailPart {
  const gap = /\r?\n\r?\n/.exec(source);
  const head = gap ? source.slice(0, gap.index) : source;
  const body = gap ? source.slice(gap.index + gap[0].length) : '';
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  const contentType = headers.get('content-type') ?? 'text/plain';
  const boundary = parameter(contentType, 'boundary');
  const parts =
    boundary && depth < 8
      ? body
          .split(`--${boundary}`)
          .slice(1)
          .filter((part) => !part.startsWith('--'))
          .map((part) => readPart(part.replace(/^\r?\n/, ''), depth + 1))
      : [];
  return {
    headers,
    type: contentType.split(';')[0]!.trim().toLowerCase(),
    charset: parameter(contentType, 'charset'),
    fileName:
      headerText(parameter(headers.get('content-disposition') ?? '', 'filename') ?? parameter(contentType, 'name')) ||
      null,
    body,
    parts,
  };
}

const parameter = (header: string, name: string): string | undefined => {
  const match = new RegExp(`(?:^|[;\\s])${name}\\*?=(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(header);
  return match?.[1] ?? match?.[2];
};

function* leavesOf(part: MailPart): Generator<MailPart> {
  if (part.parts.length === 0) yield part;
  for (const child of part.parts) yield* leavesOf(child);
}

function partBytes(part: MailPart): Uint8Array {
  const encoding = part.headers.get('content-transfer-encoding')?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(part.body, 'base64');
  return Buffer.from(encoding === 'quoted-printable' ? unquote(part.body) : part.body, 'latin1');
}

const unquote = (text: string): string =>
  text.replace(/=\r?\n/g, '').replace(/=([0-9a-f]{2})/gi, (_, byte) => String.fromCharCode(Number.parseInt(byte, 16)));

function bodyBlocks(part: MailPart): Block[] {
  const { text } = decodeText(partBytes(part), part.charset);
  return part.type === 'text/html' ? htmlBlocks(text) : textBlocks(text);
}

/** Header value with its encoded words read (RFC 2047). */
function headerText(value: string | undefined): string {
  if (!value) return '';
  const joined = value.replace(/\?=\s+=\?/g, '?==?');
  const read = joined.replace(/=\?([\w-]+)(?:\*[\w-]+)?\?([bq])\?([^?]*)\?=/gi, (_, charset, method, content) => {
    const raw = /b/i.test(method)
      ? Buffer.from(content, 'base64')
      : Buffer.from(unquote(content.replaceAll('_', ' ')), 'latin1');
    return decodeText(raw, charset).text;
  });
  return tidyLine(
    /[\u0080-\u00ff]/.test(read) && !/[\u0100-\uffff]/.test(read) ? decodeText(Buffer.from(read, 'latin1')).text : read,
  );
}
