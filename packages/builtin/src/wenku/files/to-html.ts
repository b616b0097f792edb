/** A document or deck as one web page that needs nothing from elsewhere: images inside, formulas as MathML. */
import type { Slide, SlideBullet, WenkuNode } from '@myriad/contracts';
import { chartShapes } from '../deck/chart-shapes.ts';
import { canvas, levelIndent, levelScale, lineHeight, type PlacedBox, placeSlide } from '../deck/geometry.ts';
import { inlineRuns } from '../deck/inline-runs.ts';
import { coverLayouts, type ThemeColours, themes } from '../deck/themes.ts';
import { chineseMarkdown, englishMarkdown, sourceLine } from '../markdown/to-markdown.ts';
import { imageHash, safeAddress } from '../model/check-content.ts';
import { textOf } from '../model/plain-text.ts';
import { collectSources, type Source } from '../model/sources.ts';
import type { ExportImage, ExportInput } from './export-input.ts';
import { mathMl } from './math-tree.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => entities[letter] ?? letter);
const dataUri = (image: ExportImage) => `data:${image.mediaType};base64,${Buffer.from(image.bytes).toString('base64')}`;

const fonts = 'Inter,"PingFang SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",system-ui,sans-serif';

export function toHtml(input: ExportInput): string {
  const { content } = input;
  const body =
    content.type === 'deck'
      ? content.slides.map((slide) => slideHtml(slide, themes[content.theme], input)).join('\n')
      : docHtml(content.content, input);
  const style =
    content.type === 'deck'
      ? `body{margin:0;background:#888;font-family:${fonts}}section{position:relative;width:${canvas.width}px;height:${canvas.height}px;margin:24px auto;overflow:hidden}section>div{position:absolute;display:flex;flex-direction:column;line-height:${lineHeight}}p{margin:0}table{width:100%;border-collapse:collapse}aside{display:none}@page{size:${canvas.width}px ${canvas.height}px;margin:0}@media print{body{background:none}section{margin:0;break-after:page}}`
      : `body{max-width:46em;margin:3em auto;padding:0 1.2em;font:16px/1.7 ${fonts};color:#1b1f24}h1,h2,h3,h4{line-height:1.35}table{border-collapse:collapse;width:100%}td,th{border:1px solid #ccc;padding:.35em .7em;text-align:left;vertical-align:top}th{background:#f3f1ec}blockquote{margin:1em 0;padding-left:1em;border-left:3px solid #ccc;color:#5d6672}pre{background:#f3f1ec;padding:.8em;overflow-x:auto}code{font-family:ui-monospace,monospace}img{max-width:100%}figcaption{color:#5d6672;font-size:.9em}`;
  return `<!doctype html>
<html lang="${input.language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(input.title)}</title><style>${style}</style></head>
<body>
${body}
</body>
</html>
`;
}

function docHtml(nodes: readonly WenkuNode[], input: ExportInput): string {
  const sources = collectSources(nodes);
  const words = input.language === 'zh' ? chineseMarkdown : englishMarkdown;
  const list =
    sources.length === 0
      ? ''
      : `\n<h2>${words.sources}</h2>\n<ol>${sources.map((source) => `<li id="source-${source.number}">${escaped(sourceLine(source, words))}</li>`).join('')}</ol>`;
  return nodes.map((node) => blockHtml(node, input, sources)).join('\n') + list;
}

function blockHtml(node: WenkuNode, input: ExportInput, sources: readonly Source[]): string {
  const content = node.content ?? [];
  const blocks = () => content.map((child) => blockHtml(child, input, sources)).join('');
  const inline = () => content.map((child) => inlineHtml(child, sources)).join('');
  switch (node.type) {
    case 'paragraph':
      return `<p>${inline()}</p>`;
    case 'heading': {
      const level = Number(node.attrs?.level ?? 1);
      return `<h${level}>${inline()}</h${level}>`;
    }
    case 'bulletList':
      return `<ul>${blocks()}</ul>`;
    case 'orderedList':
      return `<ol start="${Number(node.attrs?.start ?? 1)}">${blocks()}</ol>`;
    case 'listItem':
      return `<li>${blocks()}</li>`;
    case 'blockquote':
      return `<blockquote>${blocks()}</blockquote>`;
    case 'codeBlock':
      return `<pre><code>${escaped(textOf(node))}</code></pre>`;
    case 'mathBlock':
      return `<p>${mathMl(String(node.attrs?.latex ?? ''), true)}</p>`;
    case 'horizontalRule':
      return '<hr>';
    case 'image': {
      const image = input.images.get(imageHash(node.attrs?.src) ?? '');
      const alt = escaped(String(node.attrs?.alt ?? ''));
      return image
        ? `<figure><img src="${dataUri(image)}" alt="${alt}"><figcaption>${alt}</figcaption></figure>`
        : `<p>${alt}</p>`;
    }
    case 'table':
      return `<table>${blocks()}</table>`;
    case 'tableRow':
      return `<tr>${blocks()}</tr>`;
    case 'tableCell':
    case 'tableHeader': {
      const name = node.type === 'tableCell' ? 'td' : 'th';
      const span = (['colspan', 'rowspan'] as const)
        .filter((side) => Number(node.attrs?.[side] ?? 1) > 1)
        .map((side) => ` ${side}="${Number(node.attrs?.[side])}"`)
        .join('');
      const [only] = content;
      const inner =
        content.length === 1 && only?.type === 'paragraph'
          ? (only.content ?? []).map((child) => inlineHtml(child, sources)).join('')
          : blocks();
      return `<${name}${span}>${inner}</${name}>`;
    }
    default:
      return '';
  }
}

const tags: Readonly<Record<string, string>> = {
  bold: 'strong',
  italic: 'em',
  strike: 's',
  underline: 'u',
  code: 'code',
};

function inlineHtml(node: WenkuNode, sources: readonly Source[]): string {
  if (node.type === 'hardBreak') return '<br>';
  if (node.type === 'mathInline') return mathMl(String(node.attrs?.latex ?? ''), false);
  if (node.type === 'citation') {
    const number = sources.find(({ documentId }) => documentId === node.attrs?.documentId)?.number ?? 0;
    return `<sup><a href="#source-${number}">[${number}]</a></sup>`;
  }
  let text = escaped(node.text ?? '');
  for (const mark of node.marks ?? []) {
    const href = mark.attrs?.href ?? '';
    if (mark.type === 'link') text = safeAddress(href) ? `<a href="${escaped(href)}">${text}</a>` : text;
    else text = `<${tags[mark.type]}>${text}</${tags[mark.type]}>`;
  }
  return text;
}

const runsHtml = (text: string): string =>
  inlineRuns(text)
    .map((run) => {
      if (run.math) return mathMl(run.text, false);
      const words = escaped(run.text).replaceAll('\n', '<br>');
      return run.bold ? `<strong>${words}</strong>` : run.code ? `<code>${words}</code>` : words;
    })
    .join('');

function slideHtml(slide: Slide, theme: ThemeColours, input: ExportInput): string {
  const cover = coverLayouts.has(slide.layout);
  const boxes = placeSlide(slide)
    .map((box) => boxHtml(box, slide, theme, cover, input))
    .join('');
  const notes = slide.notes ? `<aside>${escaped(slide.notes)}</aside>` : '';
  return `<section style="background:${cover ? theme.cover : theme.ground};color:${cover ? theme.coverInk : theme.ink}">${boxes}${notes}</section>`;
}

const valigns = { top: 'flex-start', middle: 'center', bottom: 'flex-end' } as const;

function boxHtml(box: PlacedBox, slide: Slide, theme: ThemeColours, cover: boolean, input: ExportInput): string {
  const at = `left:${box.x}px;top:${box.y}px;width:${box.w}px;height:${box.h}px;`;
  const soft = cover ? theme.coverSoft : theme.soft;
  const words = (text: string, more = '', tag = 'p') =>
    text.trim() === ''
      ? ''
      : `<div style="${at}justify-content:${valigns[box.valign]};text-align:${box.align};font-size:${box.size}px;${box.bold ? 'font-weight:700;' : ''}${more}"><${tag} style="margin:0;font-size:inherit">${runsHtml(text)}</${tag}></div>`;
  switch (box.role) {
    case 'title':
      return words(slide.title, '', cover ? 'h1' : 'h2');
    case 'subtitle':
      return words(slide.subtitle, `color:${soft};`);
    case 'caption':
      return words(slide.caption, `color:${soft};`);
    case 'quote':
      return words(slide.quote);
    case 'by':
      return words(slide.by ? `— ${slide.by}` : '', `color:${soft};`);
    case 'rule':
      return `<div style="${at}background:${theme.accent}"></div>`;
    case 'body':
      return bulletsHtml(slide.bullets, box, at, theme);
    case 'right':
      return bulletsHtml(slide.right, box, at, theme);
    case 'image': {
      const image = input.images.get(slide.image ?? '');
      return image
        ? `<div style="${at}align-items:center;justify-content:center"><img style="max-width:100%;max-height:100%" src="${dataUri(image)}" alt="${escaped(slide.caption)}"></div>`
        : '';
    }
    case 'table':
      return `<div style="${at}font-size:${box.size}px"><table>${slide.rows
        .map(
          (row, index) =>
            `<tr>${row.map((cell) => (index === 0 ? `<th style="text-align:left;padding:9px 12px;border-bottom:2px solid ${theme.accent}">${runsHtml(cell)}</th>` : `<td style="padding:9px 12px;border-bottom:1px solid ${theme.line}">${runsHtml(cell)}</td>`)).join('')}</tr>`,
        )
        .join('')}</table></div>`;
    case 'chart':
      return `<div style="${at}">${chartSvg(slide, box.w, box.h, theme)}</div>`;
    default:
      return '';
  }
}

function bulletsHtml(bullets: readonly SlideBullet[], box: PlacedBox, at: string, theme: ThemeColours): string {
  if (bullets.length === 0) return '';
  const items = bullets.map(({ text, level }) => {
    const size = box.size * levelScale[level];
    const gap = box.size * (level === 0 ? 0.5 : 0.25);
    const indent = box.size * levelIndent;
    return `<p style="font-size:${size}px;margin-top:${gap}px;padding-left:${indent * (level + 1)}px;text-indent:-${indent * 0.8}px"><span style="display:inline-block;width:${indent * 0.8}px;text-indent:0;color:${theme.accent}">${level === 0 ? '•' : '–'}</span>${runsHtml(text)}</p>`;
  });
  return `<div style="${at}">${items.join('')}</div>`;
}

/** @internal The chart as SVG. */
export function chartSvg(slide: Slide, width: number, height: number, theme: ThemeColours): string {
  const shapes = chartShapes(slide.rows, slide.chart, width, height);
  const colour = (series: number) => theme.series[series % theme.series.length];
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-size="${shapes.size}" role="img" aria-label="${escaped(slide.caption || slide.title)}">${[
    ...shapes.grid.map(
      (line) =>
        `<line x1="${line.x1}" y1="${line.y1}" x2="${line.x2}" y2="${line.y2}" stroke="${line.strong ? theme.soft : theme.line}"/>`,
    ),
    ...shapes.rects.map(
      (rect) =>
        `<rect x="${rect.x}" y="${rect.y}" width="${rect.w}" height="${rect.h}" fill="${colour(rect.series)}"/>`,
    ),
    ...shapes.lines.map(
      (line) =>
        `<polyline fill="none" stroke="${colour(line.series)}" stroke-width="4" stroke-linejoin="round" points="${line.points.map((point) => point.join(',')).join(' ')}"/>`,
    ),
    ...shapes.labels.map(
      (label) =>
        `<text x="${label.x}" y="${label.y}" text-anchor="${label.anchor}" fill="${theme.soft}">${escaped(label.text)}</text>`,
    ),
    ...shapes.legend.map(
      (entry) =>
        `<rect x="${entry.x}" y="${entry.y}" width="14" height="14" fill="${colour(entry.series)}"/><text x="${entry.x + 22}" y="${entry.y + 13}" fill="${theme.ink}">${escaped(entry.text)}</text>`,
    ),
  ].join('')}</svg>`;
}
