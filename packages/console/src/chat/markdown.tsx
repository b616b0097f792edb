import type { Citation } from '@myriad/contracts';
import { memo, useEffect, useMemo, useState } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { useWords } from '../words/define-words.ts';
import { citationMarks } from './citation-marks.ts';
import { CodeBlock } from './code-block.tsx';
import { holdsMath, unifyMath } from './math-marks.ts';
import { safeImage, safeLink } from './safe-address.ts';
import { mendTail, splitBlocks } from './split-blocks.ts';
import { chatWords } from './words.ts';

type Plugins = NonNullable<Parameters<typeof ReactMarkdown>[0]['remarkPlugins']>;
interface MathPlugins {
  readonly remark: Plugins;
  readonly rehype: Plugins;
}

let mathPlugins: MathPlugins | null = null;

/** The formula setter, loaded when the first formula appears. */
function useMath(needed: boolean): MathPlugins | null {
  const [plugins, setPlugins] = useState(mathPlugins);
  useEffect(() => {
    if (!needed || plugins) return;
    let here = true;
    void import('./math-plugins.ts').then((module) => {
      mathPlugins = { remark: module.remark, rehype: module.rehype };
      if (here) setPlugins(mathPlugins);
    });
    return () => {
      here = false;
    };
  }, [needed, plugins]);
  return needed ? plugins : null;
}

/**
 * An answer as markdown: tables, code, formulas and citation chips. Raw HTML is shown as text, never run. While it
 * streams only the last block is set again, so what was read does not move.
 */
export function Markdown({
  text,
  citations,
  streaming = false,
  onCite,
}: {
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly streaming?: boolean;
  readonly onCite?: (number: number) => void;
}) {
  const math = useMath(holdsMath(text));
  const blocks = useMemo(() => splitBlocks(math ? unifyMath(text) : text), [text, math]);
  const numbers = [...new Set(citations.map((citation) => citation.number))].sort((a, b) => a - b).join(',');
  return (
    <div className="answer">
      {blocks.map((block, index) => (
        <Block
          // biome-ignore lint/suspicious/noArrayIndexKey: a block keeps its place while the answer grows
          key={index}
          text={streaming && index === blocks.length - 1 ? mendTail(block) : block}
          numbers={numbers}
          math={math}
          onCite={onCite}
        />
      ))}
    </div>
  );
}

const Block = memo(function Block({
  text,
  numbers,
  math,
  onCite,
}: {
  readonly text: string;
  /** Known citation numbers, joined by commas so that equal lists are equal. */
  readonly numbers: string;
  readonly math: MathPlugins | null;
  readonly onCite: ((number: number) => void) | undefined;
}) {
  const remark = useMemo(() => {
    const known = new Set(numbers === '' ? [] : numbers.split(',').map(Number));
    return [remarkGfm, ...(math?.remark ?? []), citationMarks(known)];
  }, [numbers, math]);
  const components = useMemo(() => componentsOf(onCite), [onCite]);
  return (
    <ReactMarkdown
      remarkPlugins={remark}
      rehypePlugins={math?.rehype ?? []}
      components={components}
      urlTransform={(url) => url}
    >
      {text}
    </ReactMarkdown>
  );
});

function componentsOf(onCite: ((number: number) => void) | undefined): Components {
  const parts = {
    a: ({ href, children }: { href?: string; children?: React.ReactNode }) => {
      const address = safeLink(href);
      if (!address) return <span>{children}</span>;
      return (
        <a href={address} target="_blank" rel="noopener noreferrer nofollow">
          {children}
        </a>
      );
    },
    img: ({ src, alt }: { src?: string; alt?: string }) => {
      const address = safeImage(src, globalThis.location?.origin ?? 'http://localhost');
      if (address) return <img src={address} alt={alt ?? ''} loading="lazy" />;
      const link = safeLink(src);
      return link ? (
        <a href={link} target="_blank" rel="noopener noreferrer nofollow">
          {alt || link}
        </a>
      ) : (
        <span>{alt}</span>
      );
    },
    table: ({ children }: { children?: React.ReactNode }) => (
      <ScrollRegion label="Table" className="answer-table">
        <table>{children}</table>
      </ScrollRegion>
    ),
    pre: ({ children }: { children?: React.ReactNode }) => <CodeBlock>{children}</CodeBlock>,
    input: ({ checked }: { checked?: boolean }) => <span aria-hidden="true">{checked ? '☑ ' : '☐ '}</span>,
    'cite-mark': ({ number }: { number?: number | string }) => <CitationChip number={Number(number)} onCite={onCite} />,
  };
  return parts as Components;
}

function CitationChip({
  number,
  onCite,
}: {
  readonly number: number;
  readonly onCite: ((number: number) => void) | undefined;
}) {
  const say = useWords(chatWords);
  return (
    <button
      type="button"
      className="cite"
      aria-label={say('openSource', { number })}
      title={say('openSource', { number })}
      onClick={() => onCite?.(number)}
    >
      {number}
    </button>
  );
}
