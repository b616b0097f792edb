/** A deck as Typst's source: a page a slide, every box where the geometry puts it. */
import type { Slide, SlideBullet, WenkuDeck } from '@myriad/contracts';
import { chartShapes } from '../deck/chart-shapes.ts';
import { canvas, levelIndent, levelScale, type PlacedBox, placeSlide } from '../deck/geometry.ts';
import { inlineRuns } from '../deck/inline-runs.ts';
import { coverLayouts, type ThemeColours, themes } from '../deck/themes.ts';
import type { TypstOptions } from './doc-to-typst.ts';
import { type ExportInput, fitInto } from './export-input.ts';
import { typstMath, typstString, typstWords } from './typst-text.ts';

const rgb = (colour: string) => `rgb("${colour}")`;

export function deckToTypst(deck: WenkuDeck, input: ExportInput, options: TypstOptions): string {
  const theme = themes[deck.theme];
  const head = `#set document(title: ${typstString(input.title)}, author: ${typstString(input.author)})
#set text(font: (${options.fonts.map(typstString).join(', ')}), lang: "${input.language}"${input.language === 'zh' ? ', region: "cn"' : ''})
#set par(leading: 0.6em, spacing: 0pt)
`;
  return head + deck.slides.map((slide) => slideOf(slide, theme, input, options)).join('\n');
}

function slideOf(slide: Slide, theme: ThemeColours, input: ExportInput, options: TypstOptions): string {
  const cover = coverLayouts.has(slide.layout);
  const boxes = placeSlide(slide).map((box) => boxOf(box, slide, theme, cover, input, options));
  return `#page(width: ${canvas.width}pt, height: ${canvas.height}pt, margin: 0pt, fill: ${rgb(cover ? theme.cover : theme.ground)})[
#set text(fill: ${rgb(cover ? theme.coverInk : theme.ink)});
${boxes.filter(Boolean).join('\n')}
]`;
}

const runs = (text: string, options: TypstOptions): string =>
  inlineRuns(text)
    .map((run) => {
      if (run.math) return typstMath(run.text, false, options.plainMath);
      if (run.code) return `#raw(${typstString(run.text)});`;
      return run.bold ? `#strong[${typstWords(run.text)}];` : typstWords(run.text);
    })
    .join('');

const at = (x: number, y: number, body: string) =>
  `#place(top + left, dx: ${x.toFixed(1)}pt, dy: ${y.toFixed(1)}pt)[${body}]`;

function boxOf(
  box: PlacedBox,
  slide: Slide,
  theme: ThemeColours,
  cover: boolean,
  input: ExportInput,
  options: TypstOptions,
): string {
  const soft = cover ? theme.coverSoft : theme.soft;
  const words = (text: string, fill?: string): string => {
    if (text.trim() === '') return '';
    const vertical = { top: 'top', middle: 'horizon', bottom: 'bottom' }[box.valign];
    const look = `size: ${box.size}pt${box.bold ? ', weight: "bold"' : ''}${fill ? `, fill: ${rgb(fill)}` : ''}`;
    return at(
      box.x,
      box.y,
      `#block(width: ${box.w}pt, height: ${box.h}pt)[#align(${box.align} + ${vertical})[#text(${look})[${runs(text, options)}]]]`,
    );
  };
  switch (box.role) {
    case 'title':
      return words(slide.title);
    case 'subtitle':
      return words(slide.subtitle, soft);
    case 'caption':
      return words(slide.caption, soft);
    case 'quote':
      return words(slide.quote);
    case 'by':
      return words(slide.by ? `— ${slide.by}` : '', soft);
    case 'rule':
      return at(box.x, box.y, `#rect(width: ${box.w}pt, height: ${box.h}pt, fill: ${rgb(theme.accent)})`);
    case 'body':
      return bulletsOf(slide.bullets, box, theme, options);
    case 'right':
      return bulletsOf(slide.right, box, theme, options);
    case 'image': {
      const image = input.images.get(slide.image ?? '');
      if (!image) return '';
      const { width, height } = fitInto(image, box.w, box.h, true);
      return at(
        box.x + (box.w - width) / 2,
        box.y + (box.h - height) / 2,
        `#image("/images/${slide.image}", width: ${width.toFixed(1)}pt, height: ${height.toFixed(1)}pt, alt: ${typstString(slide.caption)})`,
      );
    }
    case 'table':
      return tableOf(slide, box, theme, options);
    case 'chart':
      return chartOf(slide, box, theme);
    default:
      return '';
  }
}

function bulletsOf(
  bullets: readonly SlideBullet[],
  box: PlacedBox,
  theme: ThemeColours,
  options: TypstOptions,
): string {
  if (bullets.length === 0) return '';
  const items = bullets.map(({ text, level }) => {
    const size = box.size * levelScale[level];
    const indent = box.size * levelIndent;
    const above = box.size * (level === 0 ? 0.85 : 0.6);
    return `#block(above: ${above.toFixed(1)}pt, below: 0pt, inset: (left: ${(indent * level).toFixed(1)}pt))[#set text(size: ${size.toFixed(1)}pt);#grid(columns: (${indent.toFixed(1)}pt, 1fr), text(fill: ${rgb(theme.accent)})[${level === 0 ? '•' : '–'}], [${runs(text, options)}])]`;
  });
  return at(box.x, box.y, `#block(width: ${box.w}pt)[${items.join('\n')}]`);
}

function tableOf(slide: Slide, box: PlacedBox, theme: ThemeColours, options: TypstOptions): string {
  const columns = Math.max(1, ...slide.rows.map((row) => row.length));
  const cells = slide.rows.flatMap((row, index) =>
    Array.from({ length: columns }, (_, column) => {
      const inner = runs(row[column] ?? '', options);
      return index === 0 ? `[#strong[${inner}]]` : `[${inner}]`;
    }),
  );
  if (cells.length === 0) return '';
  return at(
    box.x,
    box.y,
    `#block(width: ${box.w}pt)[#set text(size: ${box.size}pt);#table(columns: (1fr,) * ${columns}, inset: (x: 12pt, y: 9pt), align: left, stroke: (x, y) => (bottom: if y == 0 { 2pt + ${rgb(theme.accent)} } else { 1pt + ${rgb(theme.line)} }), ${cells.join(', ')})]`,
  );
}

function chartOf(slide: Slide, box: PlacedBox, theme: ThemeColours): string {
  const shapes = chartShapes(slide.rows, slide.chart, box.w, box.h);
  const colour = (series: number) => rgb(theme.series[series % theme.series.length] ?? theme.accent);
  const label = (x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end', fill: string) => {
    const wide = 400;
    const left = anchor === 'start' ? x : anchor === 'middle' ? x - wide / 2 : x - wide;
    const side = { start: 'left', middle: 'center', end: 'right' }[anchor];
    return at(
      box.x + left,
      box.y + y - shapes.size,
      `#block(width: ${wide}pt)[#align(${side})[#text(size: ${shapes.size}pt, fill: ${rgb(fill)})[${typstWords(text)}]]]`,
    );
  };
  const segment = (x1: number, y1: number, x2: number, y2: number, stroke: string) =>
    at(box.x + x1, box.y + y1, `#line(end: (${(x2 - x1).toFixed(1)}pt, ${(y2 - y1).toFixed(1)}pt), stroke: ${stroke})`);
  return [
    ...shapes.grid.map((line) =>
      segment(line.x1, line.y1, line.x2, line.y2, `1pt + ${rgb(line.strong ? theme.soft : theme.line)}`),
    ),
    ...shapes.rects.map((rect) =>
      at(
        box.x + rect.x,
        box.y + rect.y,
        `#rect(width: ${rect.w.toFixed(1)}pt, height: ${rect.h.toFixed(1)}pt, fill: ${colour(rect.series)})`,
      ),
    ),
    ...shapes.lines.flatMap(({ points, series }) =>
      points.slice(1).map(([x, y], index) => {
        const [fromX, fromY] = points[index] as readonly [number, number];
        return segment(fromX, fromY, x, y, `(paint: ${colour(series)}, thickness: 4pt, cap: "round")`);
      }),
    ),
    ...shapes.labels.map(({ x, y, text, anchor }) => label(x, y, text, anchor, theme.soft)),
    ...shapes.legend.flatMap((entry) => [
      at(box.x + entry.x, box.y + entry.y, `#rect(width: 14pt, height: 14pt, fill: ${colour(entry.series)})`),
      label(entry.x + 22, entry.y + 13, entry.text, 'start', theme.ink),
    ]),
  ].join('\n');
}
