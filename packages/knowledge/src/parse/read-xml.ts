import { ParseFailure } from './parse-failure.ts';

/** One element; `name` without its namespace prefix, attributes under their name with and without it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (XmlElement | string)[];
}

/** Limits against documents made to hurt; far above any real one. */
const deepest = 256;
const mostElements = 4_000_000;

/**
 * Tree of an XML document. Only the five named entities and character references are resolved: a document type with
 * declarations of its own (the ground of "billion laughs" and of reading other files) is refused.
 */
export function readXml(text: string): XmlElement {
  if (/<!DOCTYPE[^>[]*\[|<!ENTITY/i.test(text))
    throw new ParseFailure('parse_limit', 'The file declares XML entities of its own, which are refused as unsafe.');
  const root: XmlElement = { name: '', attributes: {}, children: [] };
  const open: XmlElement[] = [root];
  let elements = 0;
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf('<', at);
    const parent = open[open.length - 1]!;
    if (start !== at) {
      const between = text.slice(at, start < 0 ? text.length : start);
      if (open.length > 1) parent.children.push(decodeEntities(between));
    }
    if (start < 0) break;
    const special = skipSpecial(text, start);
    if (special) {
      if (special.cdata !== null) parent.children.push(special.cdata);
      at = special.end;
      continue;
    }
    const end = tagEnd(text, start);
    const tag = text.slice(start + 1, end);
    at = end + 1;
    if (tag.startsWith('/')) {
      if (open.length > 1) open.pop();
      continue;
    }
    elements += 1;
    if (elements > mostElements || open.length > deepest)
      throw new ParseFailure('parse_limit', 'The XML inside the file is nested or repeated beyond reason.');
    const element = readTag(tag);
    parent.children.push(element);
    if (!tag.endsWith('/')) open.push(element);
  }
  const first = root.children.find((child) => typeof child !== 'string');
  if (!first) throw new ParseFailure('parse_failed', 'The file is damaged: its XML has no root.');
  return first as XmlElement;
}

function skipSpecial(text: string, start: number): { end: number; cdata: string | null } | null {
  const until = (mark: string, from: number) => {
    const end = text.indexOf(mark, from);
    return end < 0 ? text.length : end + mark.length;
  };
  if (text.startsWith('<!--', start)) return { end: until('-->', start + 4), cdata: null };
  if (text.startsWith('<![CDATA[', start)) {
    const end = until(']]>', start + 9);
    return { end, cdata: text.slice(start + 9, Math.max(start + 9, end - 3)) };
  }
  if (text.startsWith('<?', start)) return { end: until('?>', start + 2), cdata: null };
  if (text.startsWith('<!', start)) return { end: until('>', start + 2), cdata: null };
  return null;
}

/** Index of the `>` that closes a tag; one inside a quoted value does not. */
function tagEnd(text: string, start: number): number {
  let quote = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text[at]!;
    if (quote) {
      if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at;
  }
  throw new ParseFailure('parse_failed', 'The file is damaged: its XML ends inside a tag.');
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

function readTag(tag: string): XmlElement {
  const name = /^[^\s/>]+/.exec(tag)?.[0] ?? '';
  const attributes: Record<string, string> = Object.create(null);
  for (const match of tag.slice(name.length).matchAll(/([^\s=/]{1,200})\s*=\s*(?:"([^"]*)"|'([^']*)')/g))
    attributes[match[1]!] = attributes[localName(match[1]!)] = decodeEntities(match[2] ?? match[3] ?? '');
  return { name: localName(name), attributes, children: [] };
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi, (whole, hex, decimal, name) => {
    if (name) return named[(name as string).toLowerCase()] ?? whole;
    const point = hex ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : '';
  });
}

/** Child elements, of one name when given. */
export function childElements(element: XmlElement, name?: string): XmlElement[] {
  return element.children.filter(
    (child): child is XmlElement => typeof child !== 'string' && (name === undefined || child.name === name),
  );
}

/** All elements of that name below, in document order. */
export function* descendants(element: XmlElement, name: string): Generator<XmlElement> {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    if (child.name === name) yield child;
    yield* descendants(child, name);
  }
}

/** All text below an element. */
export function textOf(element: XmlElement): string {
  let text = '';
  for (const child of element.children) text += typeof child === 'string' ? child : textOf(child);
  return text;
}
