/**
 * Where the parts of a slide stand and how large its words are, on a canvas of 1280 × 720. The page, the PowerPoint file,
 * the PDF and the web page all draw by it, so that they look the same.
 */
import type { Slide, SlideBullet } from '@myriad/contracts';
import { plainInline } from './inline-runs.ts';

export const canvas = { width: 1280, height: 720 } as const;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type BoxRole =
  | 'title'
  | 'subtitle'
  | 'body'
  | 'right'
  | 'image'
  | 'table'
  | 'chart'
  | 'caption'
  | 'quote'
  | 'by'
  | 'rule';

export interface PlacedBox extends Box {
  readonly role: BoxRole;
  /** Height of the letters in canvas units; 0 where there are none. */
  readonly size: number;
  readonly bold: boolean;
  readonly align: 'left' | 'center';
  readonly valign: 'top' | 'middle' | 'bottom';
}

const margin = 88;
const wide = canvas.width - 2 * margin;
export const lineHeight = 1.36;
/** Space above a bullet of the first level, in parts of its size. */
export const bulletGap = 0.5;
/** Letters of a bullet by level, in parts of the body's size. */
export const levelScale = [1, 0.86, 0.78] as const;
/** Indent of a level, in parts of the body's size. */
export const levelIndent = 1.25;

const placed = (role: BoxRole, box: Box, look: Partial<PlacedBox> = {}): PlacedBox => ({
  role,
  ...box,
  size: 0,
  bold: false,
  align: 'left',
  valign: 'top',
  ...look,
});

/** The boxes of a slide, with sizes that fit its words; what is empty has no box on the finished slide. */
export function placeSlide(slide: Slide): readonly PlacedBox[] {
  switch (slide.layout) {
    case 'title':
    case 'closing':
      return cover(slide, 64, 150);
    case 'section':
      return cover(slide, 54, 170);
    case 'quote':
      return quoteBoxes(slide);
    default:
      return [heading(slide), ...body(slide)];
  }
}

function cover(slide: Slide, size: number, top: number): readonly PlacedBox[] {
  const box = { x: margin, y: top, w: wide, h: 232 };
  return [
    placed('title', box, { size: fitText(slide.title, box, size, 30), bold: true, valign: 'bottom' }),
    placed('rule', { x: margin, y: top + 258, w: 96, h: 6 }),
    placed(
      'subtitle',
      { x: margin, y: top + 288, w: wide, h: 120 },
      {
        size: fitText(slide.subtitle, { ...box, h: 120 }, 26, 16),
      },
    ),
  ];
}

function heading(slide: Slide): PlacedBox {
  const box = { x: margin, y: 52, w: wide, h: 96 };
  return placed('title', box, { size: fitText(slide.title, box, 38, 22), bold: true, valign: 'bottom' });
}

function body(slide: Slide): readonly PlacedBox[] {
  const full = { x: margin, y: 178, w: wide, h: 456 };
  const withCaption = { ...full, h: 404 };
  const caption = placed(
    'caption',
    { x: margin, y: 596, w: wide, h: 44 },
    {
      size: fitText(slide.caption, { x: 0, y: 0, w: wide, h: 44 }, 17, 12),
    },
  );
  switch (slide.layout) {
    case 'columns': {
      const left = { ...full, w: 528 };
      const right = { ...full, x: margin + 576, w: 528 };
      const size = Math.min(fitBullets(slide.bullets, left), fitBullets(slide.right, right));
      return [placed('body', left, { size }), placed('right', right, { size })];
    }
    case 'figure': {
      if (slide.bullets.length === 0) return [placed('image', withCaption), { ...caption, align: 'center' }];
      const right = { ...full, x: margin + 664, w: 440 };
      return [
        placed('image', { ...withCaption, w: 624 }),
        { ...caption, w: 624 },
        placed('body', right, { size: fitBullets(slide.bullets, right, 24) }),
      ];
    }
    case 'table':
      return [placed('table', withCaption, { size: fitTable(slide.rows, withCaption) }), caption];
    case 'chart':
      return [placed('chart', withCaption, { size: 16 }), caption];
    default:
      return [placed('body', full, { size: fitBullets(slide.bullets, full) })];
  }
}

function quoteBoxes(slide: Slide): readonly PlacedBox[] {
  const box = { x: 176, y: 170, w: 928, h: 290 };
  return [
    placed('title', { x: 120, y: 92, w: 984, h: 44 }, { size: 20, bold: true }),
    placed('rule', { x: 120, y: 178, w: 6, h: 340 }),
    placed('quote', box, { size: fitText(slide.quote, box, 40, 18), valign: 'middle' }),
    placed('by', { x: 176, y: 474, w: 928, h: 44 }, { size: 20 }),
  ];
}

/** Width of words in parts of their size: Chinese characters are square, Latin letters about half as wide. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) {
    if (/[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60\u3000-\u303f]/u.test(letter)) width += 1;
    else if (/[A-ZMWmw@%]/.test(letter)) width += 0.68;
    else if (/[\sil.,;:'|!()]/.test(letter)) width += 0.29;
    else width += 0.54;
  }
  return width;
}

/** Lines that words take in a box, with a little air for words that are not broken. */
export function linesOf(text: string, width: number, size: number): number {
  const plain = plainInline(text);
  return plain
    .split('\n')
    .reduce((sum, line) => sum + Math.max(1, Math.ceil((widthOf(line) * size * 1.04) / width)), 0);
}

/** Largest size, from `size` down to `least`, at which the words fit into the box. */
export function fitText(text: string, box: Box, size: number, least: number): number {
  for (let tried = size; tried > least; tried -= 1)
    if (linesOf(text, box.w, tried) * tried * lineHeight <= box.h) return tried;
  return least;
}

export function fitBullets(
  bullets: readonly SlideBullet[],
  box: Box,
  size = bullets.length <= 4 ? 32 : 28,
  least = 12,
): number {
  for (let tried = size; tried > least; tried -= 1) if (bulletsHeight(bullets, box.w, tried) <= box.h) return tried;
  return least;
}

function bulletsHeight(bullets: readonly SlideBullet[], width: number, size: number): number {
  return bullets.reduce((sum, { text, level }) => {
    const own = size * levelScale[level];
    const room = width - levelIndent * size * (level + 1);
    return sum + linesOf(text, room, own) * own * lineHeight + (level === 0 ? bulletGap : bulletGap / 2) * size;
  }, 0);
}

/** Size of a table's words; rows share the box's height, columns its width. */
export function fitTable(rows: Slide['rows'], box: Box): number {
  const columns = Math.max(1, ...rows.map((row) => row.length));
  for (let size = 22; size > 9; size -= 1) {
    const height = rows.reduce(
      (sum, row) =>
        sum + Math.max(1, ...row.map((cell) => linesOf(cell, box.w / columns - 24, size))) * size * 1.3 + 18,
      0,
    );
    if (height <= box.h) return size;
  }
  return 9;
}
