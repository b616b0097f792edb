/** Slides of a document: headings begin them, lists fill them, tables, pictures and quotes get their own. No model is asked. */
import type { Slide, SlideBullet, WenkuDoc, WenkuNode } from '@myriad/contracts';
import { blankSlide } from '../model/blank.ts';
import { imageHash } from '../model/check-content.ts';
import { textOf } from '../model/plain-text.ts';

const mostBullets = 7;
const closingWords = /^(thank(s| you)|q ?& ?a|questions\??|the end|谢谢|感谢|致谢|提问|问答|结束)/i;

type Draft = { -readonly [Field in keyof Slide]: Slide[Field] };

/**
 * @param firstId Number of the first slide's id; ids are `s<number>`.
 */
export function slidesFromDoc(doc: WenkuDoc, firstId = 1): readonly Slide[] {
  const slides: Draft[] = [];
  let current: Draft | null = null;
  const begin = (layout: Slide['layout'], title: string): Draft => {
    current = { ...blankSlide('', layout, { title }) };
    slides.push(current);
    return current;
  };
  const here = (): Draft => current ?? begin('bullets', '');
  /** The present slide when it is still empty, else a new one under the same title. */
  const free = (layout: Slide['layout']): Draft => {
    const slide = here();
    const cover = slide.layout === 'title' || slide.layout === 'section';
    if (!cover && isEmpty(slide)) {
      slide.layout = layout;
      return slide;
    }
    return begin(layout, cover ? '' : slide.title);
  };
  let chart: { kind: Slide['chart']; caption: string } | null = null;
  let columns = 0;

  for (const node of doc.content) {
    const text = wordsOf(node);
    if (node.type === 'heading') {
      const level = Number(node.attrs?.level ?? 1);
      columns = level === 3 ? columns + 1 : 0;
      if (level === 1) begin(slides.length === 0 ? 'title' : 'section', text);
      else if (level === 2 || !current) begin('bullets', text);
      else if (level === 3 && columns <= 2 && (isEmpty(here()) || here().layout === 'columns') && isBody(here())) {
        const slide = here();
        slide.layout = 'columns';
        const titled: SlideBullet[] = text === '·' ? [] : [{ text: `**${text.replaceAll('*', '')}**`, level: 0 }];
        if (columns === 1) slide.bullets = titled;
        else slide.right = titled;
      } else begin('bullets', text);
    } else if (node.type === 'paragraph' || node.type === 'codeBlock' || node.type === 'mathBlock') {
      const notes = /^(?:speaker )?notes\s*[:：]\s*|^(?:演讲)?备注\s*[:：]\s*/i.exec(text);
      const charted = /^(?:chart|图表)\s*(?:[(（](column|bar|line|柱|条|线)[^)）]*[)）])?\s*[:：]\s*/i.exec(text);
      const slide = here();
      if (notes) slide.notes = joined(slide.notes, text.slice(notes[0].length));
      else if (charted) chart = { kind: chartKind(charted[1]), caption: text.slice(charted[0].length) };
      else if (text.trim() === '') continue;
      else if (slide.layout === 'title' || slide.layout === 'section') {
        if (slide.subtitle === '') slide.subtitle = text;
        else slide.notes = joined(slide.notes, text);
      } else if (
        (slide.layout === 'table' || slide.layout === 'figure' || slide.layout === 'chart') &&
        slide.caption === ''
      )
        slide.caption = text;
      else if (!isBody(slide)) begin('bullets', slide.title).bullets = [{ text, level: 0 }];
      else addBullet(slide, columns, node.type === 'mathBlock' ? `$${text}$` : text, 0);
    } else if (node.type === 'bulletList' || node.type === 'orderedList') {
      const slide =
        isBody(here()) || (here().layout === 'figure' && here().bullets.length === 0) ? here() : free('bullets');
      for (const bullet of bulletsOf(node, 0)) addBullet(slide, columns, bullet.text, bullet.level);
    } else if (node.type === 'table') {
      const slide = free(chart ? 'chart' : 'table');
      slide.rows = (node.content ?? []).map((row) => (row.content ?? []).map((cell) => textOf(cell)));
      if (chart) Object.assign(slide, { chart: chart.kind, caption: chart.caption });
      chart = null;
    } else if (node.type === 'image') {
      const slide = free('figure');
      slide.image = imageHash(node.attrs?.src);
      slide.caption = String(node.attrs?.alt ?? '');
    } else if (node.type === 'blockquote') {
      const lines = (node.content ?? []).map(wordsOf).filter((line) => line !== '');
      const by = lines.length > 1 && /^(—|--|——)/.test(lines.at(-1) ?? '') ? (lines.pop() ?? '') : '';
      const slide = free('quote');
      slide.quote = lines.join('\n');
      slide.by = by.replace(/^[—-]+\s*/, '');
    } else if (node.type === 'horizontalRule') current = null;
  }
  return named(slides, firstId);
}

const joined = (before: string, more: string) => (before === '' ? more : `${before}\n${more}`);
const isBody = ({ layout }: Draft) => layout === 'bullets' || layout === 'columns';
const isEmpty = (slide: Draft) =>
  slide.bullets.length === 0 &&
  slide.right.length === 0 &&
  slide.rows.length === 0 &&
  slide.image === null &&
  slide.quote === '';

function chartKind(word: string | undefined): Slide['chart'] {
  if (word === 'bar' || word === '条') return 'bar';
  return word === 'line' || word === '线' ? 'line' : 'column';
}

function addBullet(slide: Draft, columns: number, text: string, level: SlideBullet['level']): void {
  const bullet = { text, level };
  if (slide.layout === 'columns' && columns >= 2) slide.right = [...slide.right, bullet];
  else slide.bullets = [...slide.bullets, bullet];
}

/** Words of a node with the marks that slides know. */
function wordsOf(node: WenkuNode): string {
  const parts = (node.content ?? []).map((child) => {
    if (child.type === 'mathInline') return `$${child.attrs?.latex ?? ''}$`;
    if (child.type !== 'text') return textOf(child);
    const marks = new Set((child.marks ?? []).map(({ type }) => type));
    const text = child.text ?? '';
    if (marks.has('code')) return `\`${text}\``;
    return marks.has('bold') && node.type !== 'heading' ? `**${text}**` : text;
  });
  return (parts.length > 0 ? parts.join('') : textOf(node)).trim();
}

function bulletsOf(list: WenkuNode, level: number): SlideBullet[] {
  return (list.content ?? []).flatMap((item) =>
    (item.content ?? []).flatMap((child) =>
      child.type === 'bulletList' || child.type === 'orderedList'
        ? bulletsOf(child, level + 1)
        : [{ text: wordsOf(child), level: Math.min(2, level) as SlideBullet['level'] }],
    ),
  );
}

/** Gives ids, splits slides that hold too much, and makes a last "thank you" the closing. */
function named(drafts: readonly Draft[], firstId: number): readonly Slide[] {
  const split = drafts.flatMap((slide) => {
    if (slide.layout !== 'bullets' || slide.bullets.length <= mostBullets) return [slide];
    const parts: Draft[] = [];
    let rest = slide.bullets;
    while (rest.length > 0) {
      let cut = Math.min(mostBullets, rest.length);
      // What belongs below a point stays with it.
      while (cut > 1 && cut < rest.length && (rest[cut] as SlideBullet).level > 0) cut -= 1;
      parts.push({ ...slide, bullets: rest.slice(0, cut), notes: parts.length === 0 ? slide.notes : '' });
      rest = rest.slice(cut);
    }
    return parts;
  });
  return split.map((slide, at) => ({
    ...slide,
    id: `s${firstId + at}`,
    layout:
      at > 0 &&
      at === split.length - 1 &&
      closingWords.test(slide.title) &&
      (slide.layout === 'section' || isEmpty(slide))
        ? 'closing'
        : slide.layout,
  }));
}
