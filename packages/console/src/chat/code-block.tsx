import { Children, isValidElement, type ReactNode, useEffect, useMemo, useState } from 'react';
import { CopyButton } from '../ui/copy-button.tsx';
import type { Highlight } from './highlight.ts';

let highlight: Highlight | null = null;

/** A block of code with its language, colours and a copy button. Colours come when their script has come. */
export function CodeBlock({ children }: { readonly children?: ReactNode }) {
  const code = Children.toArray(children).find((child) => isValidElement(child));
  const props = isValidElement<{ className?: string; children?: ReactNode }>(code) ? code.props : {};
  const language = /language-([\w+#-]+)/.exec(props.className ?? '')?.[1] ?? '';
  const text = textOf(props.children).replace(/\n$/, '');
  const [colour, setColour] = useState<Highlight | null>(() => highlight);
  useEffect(() => {
    if (colour || language === '') return;
    let here = true;
    void import('./highlight.ts').then((module) => {
      highlight = module.highlightCode;
      if (here) setColour(() => module.highlightCode);
    });
    return () => {
      here = false;
    };
  }, [colour, language]);
  const content = useMemo(() => (colour && language ? colour(text, language) : text), [colour, language, text]);
  return (
    <figure className="answer-code">
      <figcaption>
        <span>{language}</span>
        <CopyButton read={() => text} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="scrollbar-quiet">
        <code>{content}</code>
      </pre>
    </figure>
  );
}

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  if (Array.isArray(node)) return node.map(textOf).join('');
  if (isValidElement<{ children?: ReactNode }>(node)) return textOf(node.props.children);
  return '';
}
