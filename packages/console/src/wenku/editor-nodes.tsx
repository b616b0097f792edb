/** Nodes of a document that the editor's own kit does not know: formulas, pictures of the document, citations. */
import { mergeAttributes, Node } from '@tiptap/core';
import { type NodeViewProps, NodeViewWrapper, ReactNodeViewRenderer } from '@tiptap/react';
import { myriad } from '../api/client.ts';
import { useWords } from '../words/define-words.ts';
import { Formula } from './formula.tsx';
import { wenkuWords } from './words.ts';

function MathView({ node, updateAttributes, editor }: NodeViewProps) {
  const say = useWords(wenkuWords);
  const display = node.type.name === 'mathBlock';
  const latex = String(node.attrs.latex ?? '');
  const edit = () => {
    if (!editor.isEditable) return;
    const next = prompt(say('formula'), latex);
    if (next !== null) updateAttributes({ latex: next });
  };
  return (
    <NodeViewWrapper as={display ? 'div' : 'span'} className={display ? 'my-3 text-center' : ''}>
      <button
        type="button"
        onClick={edit}
        aria-label={`${say('formula')}: ${latex}`}
        className="rounded px-1 hover:bg-hair"
      >
        <Formula latex={latex === '' ? '\\square' : latex} display={display} />
      </button>
    </NodeViewWrapper>
  );
}

function math(name: 'mathBlock' | 'mathInline') {
  return Node.create({
    name,
    group: name === 'mathBlock' ? 'block' : 'inline',
    inline: name === 'mathInline',
    atom: true,
    addAttributes: () => ({ latex: { default: '' } }),
    parseHTML: () => [{ tag: `span[data-${name.toLowerCase()}]` }],
    renderHTML: ({ HTMLAttributes }) => [
      'span',
      mergeAttributes(HTMLAttributes, { [`data-${name.toLowerCase()}`]: '' }),
    ],
    addNodeView: () => ReactNodeViewRenderer(MathView),
  });
}

export const MathBlock = math('mathBlock');
export const MathInline = math('mathInline');

/** @param documentId Whose pictures these are: `src` names only their hash. */
export const pictureOf = (documentId: string) =>
  Node.create({
    name: 'image',
    group: 'block',
    atom: true,
    draggable: true,
    addAttributes: () => ({ src: { default: '' }, alt: { default: '' }, title: { default: null } }),
    parseHTML: () => [{ tag: 'img[data-wenku]', getAttrs: (element) => ({ src: element.getAttribute('data-wenku') }) }],
    renderHTML: ({ HTMLAttributes }) => [
      'img',
      {
        'data-wenku': HTMLAttributes.src,
        alt: HTMLAttributes.alt ?? '',
        src: myriad.url(`/api/wenku/${documentId}/images/${String(HTMLAttributes.src).replace(/^wenku:/, '')}`),
      },
    ],
  });

function CitationView({ node }: NodeViewProps) {
  const { documentName, quote, page } = node.attrs;
  const title = `${documentName ?? ''}${page ? ` · ${page}` : ''}\n“${quote ?? ''}”`;
  return (
    <NodeViewWrapper as="span">
      <span className="cite" title={title} role="note" aria-label={title}>
        {String(documentName ?? '').slice(0, 18)}
      </span>
    </NodeViewWrapper>
  );
}

export const CitationMark = Node.create({
  name: 'citation',
  group: 'inline',
  inline: true,
  atom: true,
  addAttributes: () =>
    Object.fromEntries(
      ['documentId', 'documentName', 'passageId', 'quote', 'page', 'start', 'end'].map((name) => [
        name,
        { default: null },
      ]),
    ),
  parseHTML: () => [{ tag: 'span[data-citation]' }],
  renderHTML: () => ['span', { 'data-citation': '' }],
  addNodeView: () => ReactNodeViewRenderer(CitationView),
});
