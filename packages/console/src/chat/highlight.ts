import { common, createLowlight } from 'lowlight';
import { createElement, type ReactNode } from 'react';

const lowlight = createLowlight(common);

type Root = ReturnType<typeof lowlight.highlight>;
type Nodes = Root | Root['children'][number];

export type Highlight = (text: string, language: string) => ReactNode;

/** Code as coloured elements, never as HTML text. A language that is not known stays plain. */
export const highlightCode: Highlight = (text, language) => {
  if (!lowlight.registered(language)) return text;
  return render(lowlight.highlight(language, text), 0);
};

function render(node: Nodes, key: number): ReactNode {
  if (node.type === 'text') return node.value;
  if (node.type === 'root') return node.children.map((child, index) => render(child, index));
  if (node.type !== 'element') return null;
  const names = node.properties.className;
  const className = Array.isArray(names) ? names.join(' ') : '';
  return createElement(
    'span',
    { key, className },
    node.children.map((child, index) => render(child, index)),
  );
}
