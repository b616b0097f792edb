/** What a document may hold: nodes, their attributes and children, by name. What is not here is refused by its place. */
import { MyriadError, type WenkuContent, type WenkuKind, type WenkuMark, type WenkuNode } from '@myriad/contracts';
import { checkDeck } from './check-deck.ts';

type Attribute = 'text' | 'address' | 'image' | 'number' | 'flag';

interface NodeRule {
  readonly attrs?: Readonly<Record<string, Attribute>>;
  /** Names of children; none: a leaf. */
  readonly children?: readonly string[];
}

const inline = ['text', 'hardBreak', 'mathInline', 'citation'];
const block = [
  'paragraph',
  'heading',
  'bulletList',
  'orderedList',
  'blockquote',
  'codeBlock',
  'horizontalRule',
  'table',
  'image',
  'mathBlock',
];
const cell: NodeRule = { attrs: { colspan: 'number', rowspan: 'number', align: 'text' }, children: block };

/** The schema of documents, shared with the editor's. */
export const nodeRules: Readonly<Record<string, NodeRule>> = {
  paragraph: { children: inline },
  heading: { attrs: { level: 'number' }, children: inline },
  bulletList: { children: ['listItem'] },
  orderedList: { attrs: { start: 'number' }, children: ['listItem'] },
  listItem: { children: block },
  blockquote: { children: block },
  codeBlock: { attrs: { language: 'text' }, children: ['text'] },
  horizontalRule: {},
  table: { children: ['tableRow'] },
  tableRow: { children: ['tableCell', 'tableHeader'] },
  tableCell: cell,
  tableHeader: cell,
  image: { attrs: { src: 'image', alt: 'text', title: 'text' } },
  mathBlock: { attrs: { latex: 'text' } },
  mathInline: { attrs: { latex: 'text' } },
  citation: {
    attrs: {
      documentId: 'text',
      documentName: 'text',
      passageId: 'text',
      quote: 'text',
      page: 'number',
      start: 'number',
      end: 'number',
    },
  },
  hardBreak: {},
};
const markNames = new Set<WenkuMark['type']>(['bold', 'italic', 'strike', 'underline', 'code', 'link']);

const deepest = 40;
export const mostNodes = 50_000;

/** Addresses that a link may have; what would run is not among them. */
export const safeAddress = (address: string): boolean => /^(https?:\/\/|mailto:|#|\/(?!\/))/i.test(address.trim());

/** Hash of an image as `src` names it: `wenku:<64 hex digits>`. */
export const imageHash = (src: unknown): string | null =>
  typeof src === 'string' ? (/^wenku:([0-9a-f]{64})$/.exec(src)?.[1] ?? null) : null;

const refuse = (place: string, wrong: string): never => {
  throw new MyriadError('invalid_request', `${place}: ${wrong}.`, { facts: { field: place } });
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The content, cleaned of attributes that are null or unknown to us but harmless.
 *
 * @throws MyriadError `invalid_request` naming the place: an unknown node, a wrong child, an unsafe address, too much.
 */
export function checkContent(kind: WenkuKind, value: unknown): WenkuContent {
  if (!isObject(value)) return refuse('content', 'expected an object');
  if (kind === 'deck') return checkDeck(value, refuse);
  if (value.type !== 'doc') return refuse('content.type', 'expected `doc`');
  if (!Array.isArray(value.content)) return refuse('content.content', 'expected a list of nodes');
  const count = { nodes: 0 };
  const content = value.content.map((node, at) => checkNode(node, block, `content.content.${at}`, 0, count));
  return { type: 'doc', content };
}

function checkNode(
  value: unknown,
  allowed: readonly string[],
  place: string,
  depth: number,
  count: { nodes: number },
): WenkuNode {
  count.nodes += 1;
  if (count.nodes > mostNodes) refuse(place, `more than ${mostNodes} nodes`);
  if (depth > deepest) refuse(place, `nested deeper than ${deepest}`);
  if (!isObject(value) || typeof value.type !== 'string') return refuse(place, 'expected a node with a `type`');
  const { type } = value;
  if (!allowed.includes(type)) return refuse(place, `a node "${type.slice(0, 40)}" cannot stand here`);
  if (type === 'text') {
    if (typeof value.text !== 'string' || value.text === '') return refuse(`${place}.text`, 'expected words');
    const marks = checkMarks(value.marks, `${place}.marks`);
    return { type, text: value.text, ...(marks.length > 0 ? { marks } : {}) };
  }
  const rule = nodeRules[type] as NodeRule;
  const attrs = checkAttributes(value.attrs, rule, place);
  const children = value.content === undefined ? [] : value.content;
  if (!Array.isArray(children)) return refuse(`${place}.content`, 'expected a list');
  if (children.length > 0 && !rule.children) return refuse(`${place}.content`, `"${type}" holds nothing`);
  const content = mended(
    type,
    children.map((child, at) => checkNode(child, rule.children ?? [], `${place}.content.${at}`, depth + 1, count)),
  );
  return {
    type,
    ...(Object.keys(attrs).length > 0 ? { attrs } : {}),
    ...(content.length > 0 ? { content } : {}),
  };
}

/** What the editor's schema needs to be there: an item begins with a paragraph, a cell and a quotation hold one. */
function mended(type: string, content: readonly WenkuNode[]): readonly WenkuNode[] {
  const empty: WenkuNode = { type: 'paragraph' };
  if (type === 'listItem' && content[0]?.type !== 'paragraph') return [empty, ...content];
  if ((type === 'blockquote' || type === 'tableCell' || type === 'tableHeader') && content.length === 0) return [empty];
  if ((type === 'bulletList' || type === 'orderedList') && content.length === 0)
    return [{ type: 'listItem', content: [empty] }];
  if (type === 'tableRow' && content.length === 0) return [{ type: 'tableCell', content: [empty] }];
  if (type === 'table' && content.length === 0)
    return [{ type: 'tableRow', content: [{ type: 'tableCell', content: [empty] }] }];
  return content;
}

function checkAttributes(value: unknown, rule: NodeRule, place: string): NonNullable<WenkuNode['attrs']> {
  const kept: Record<string, string | number | boolean | null> = {};
  if (value === undefined || value === null) return kept;
  if (!isObject(value)) return refuse(`${place}.attrs`, 'expected an object');
  for (const [name, kind] of Object.entries(rule.attrs ?? {})) {
    const given = value[name];
    if (given === undefined || given === null) continue;
    const at = `${place}.attrs.${name}`;
    if (kind === 'number') {
      if (typeof given !== 'number' || !Number.isFinite(given)) refuse(at, 'expected a number');
      if (name === 'level' && !(Number(given) >= 1 && Number(given) <= 6)) refuse(at, 'expected 1 to 6');
    } else if (kind === 'flag') {
      if (typeof given !== 'boolean') refuse(at, 'expected true or false');
    } else if (typeof given !== 'string' || given.length > 20_000)
      refuse(at, 'expected text of at most 20,000 characters');
    else if (kind === 'image' && imageHash(given) === null)
      refuse(at, 'expected `wenku:` and the hash of an image of this document');
    kept[name] = given as string | number | boolean;
  }
  return kept;
}

function checkMarks(value: unknown, place: string): readonly WenkuMark[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > 8) return refuse(place, 'expected a list of at most 8 marks');
  return value.map((mark: unknown, at) => {
    const own = `${place}.${at}`;
    if (!isObject(mark) || !markNames.has(mark.type as WenkuMark['type'])) return refuse(own, 'there is no such mark');
    if (mark.type !== 'link') return { type: mark.type as WenkuMark['type'] };
    const href = isObject(mark.attrs) ? mark.attrs.href : undefined;
    if (typeof href !== 'string' || href.length > 4_000 || !safeAddress(href))
      return refuse(`${own}.attrs.href`, 'expected a web, mail or own address');
    return { type: 'link' as const, attrs: { href } };
  });
}
