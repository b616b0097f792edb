import type { Slide, SlideBullet, WenkuDeck, WenkuDoc, WenkuNode } from '@myriad/contracts';
import { inlineRuns } from './inline-runs.ts';

/** A deck as a document: slides are sections, notes are paragraphs that begin with "Notes:". `slidesFromDoc` reads it back. */
export function docFromDeck(deck: WenkuDeck): WenkuDoc {
  return { type: 'doc', content: deck.slides.flatMap(nodesOf) };
}

/** @internal Words of a slide as inline nodes. */
export function inlineNodes(text: string): WenkuNode[] {
  return inlineRuns(text).map((run) =>
    run.math
      ? { type: 'mathInline', attrs: { latex: run.text } }
      : {
          type: 'text',
          text: run.text,
          ...(run.bold
            ? { marks: [{ type: 'bold' as const }] }
            : run.code
              ? { marks: [{ type: 'code' as const }] }
              : {}),
        },
  );
}

const paragraph = (text: string): WenkuNode => ({ type: 'paragraph', content: inlineNodes(text) });
const maybe = (text: string): WenkuNode[] => (text.trim() === '' ? [] : [paragraph(text)]);

function nodesOf(slide: Slide): readonly WenkuNode[] {
  const cover = slide.layout === 'title' || slide.layout === 'section' || slide.layout === 'closing';
  const heading: WenkuNode = {
    type: 'heading',
    attrs: { level: cover ? 1 : 2 },
    ...(slide.title ? { content: inlineNodes(slide.title) } : {}),
  };
  const notes = slide.notes.trim() === '' ? [] : [paragraph(`Notes: ${slide.notes.replace(/\s*\n\s*/g, ' ')}`)];
  return [heading, ...bodyOf(slide), ...notes];
}

function bodyOf(slide: Slide): readonly WenkuNode[] {
  switch (slide.layout) {
    case 'bullets':
      return listOf(slide.bullets);
    case 'columns':
      return [...columnOf(slide.bullets), ...columnOf(slide.right)];
    case 'figure':
      return [
        ...(slide.image ? [{ type: 'image', attrs: { src: `wenku:${slide.image}`, alt: slide.caption } }] : []),
        ...maybe(slide.caption),
        ...listOf(slide.bullets),
      ];
    case 'table':
      return [...tableOf(slide), ...maybe(slide.caption)];
    case 'chart':
      return [paragraph(`Chart (${slide.chart}): ${slide.caption}`), ...tableOf(slide)];
    case 'quote':
      return [
        {
          type: 'blockquote',
          content: [paragraph(slide.quote), ...(slide.by.trim() ? [paragraph(`— ${slide.by}`)] : [])],
        },
      ];
    default:
      return maybe(slide.subtitle);
  }
}

function columnOf(bullets: readonly SlideBullet[]): readonly WenkuNode[] {
  const [first, ...rest] = bullets;
  const titled = first && /^\*\*[^*]+\*\*$/.test(first.text);
  return [
    { type: 'heading', attrs: { level: 3 }, content: inlineNodes(titled ? first.text.slice(2, -2) : '·') },
    ...listOf(titled ? rest : bullets),
  ];
}

function tableOf({ rows }: Slide): readonly WenkuNode[] {
  if (rows.length === 0) return [];
  return [
    {
      type: 'table',
      content: rows.map((row, at) => ({
        type: 'tableRow',
        content: row.map((cell) => ({ type: at === 0 ? 'tableHeader' : 'tableCell', content: [paragraph(cell)] })),
      })),
    },
  ];
}

function listOf(bullets: readonly SlideBullet[], level = 0): WenkuNode[] {
  if (bullets.length === 0) return [];
  const items: WenkuNode[] = [];
  for (let at = 0; at < bullets.length; ) {
    const bullet = bullets[at] as SlideBullet;
    let end = at + 1;
    while (end < bullets.length && (bullets[end] as SlideBullet).level > level) end += 1;
    const below = bullets.slice(at + 1, end);
    items.push({ type: 'listItem', content: [paragraph(bullet.text), ...listOf(below, level + 1)] });
    at = end;
  }
  return [{ type: 'bulletList', content: items }];
}
