/** A deck as PowerPoint's file: layouts with placeholders, native tables and charts, speaker notes. */
import type { Slide, SlideBullet, WenkuDeck } from '@myriad/contracts';
import JsZip from 'jszip';
import pptxgen from 'pptxgenjs';
import { chartData } from '../deck/chart-data.ts';
import { canvas, levelScale, lineHeight, type PlacedBox, placeSlide } from '../deck/geometry.ts';
import { inlineRuns } from '../deck/inline-runs.ts';
import { slidesFromDoc } from '../deck/slides-from-doc.ts';
import { coverLayouts, type ThemeColours, themes } from '../deck/themes.ts';
import { blankSlide } from '../model/blank.ts';
import { slideLayouts } from '../model/check-deck.ts';
import { type ExportInput, fitInto, officeFonts } from './export-input.ts';
import { linearMath } from './math-tree.ts';

type PptxFile = pptxgen.default;

// Node's loader gives the class itself where the types see a module around it.
const PptxGen = ((pptxgen as { default?: typeof pptxgen.default }).default ?? pptxgen) as typeof pptxgen.default;

/** Inches and points of a canvas unit, on a slide of 13.333 × 7.5 inches. */
const inch = 13.333 / canvas.width;
const point = inch * 72;
const hex = (colour: string) => colour.slice(1).toUpperCase();

const layoutNames: Readonly<Record<Slide['layout'], string>> = {
  title: 'Title',
  section: 'Section',
  bullets: 'Title and bullets',
  columns: 'Two columns',
  figure: 'Figure',
  table: 'Table',
  chart: 'Chart',
  quote: 'Quote',
  closing: 'Closing',
};

export async function toPptx(input: ExportInput): Promise<Uint8Array> {
  const { content } = input;
  const deck: WenkuDeck =
    content.type === 'deck' ? content : { type: 'deck', theme: 'paper', slides: slidesFromDoc(content) };
  const theme = themes[deck.theme];
  const file = new PptxGen();
  file.defineLayout({ name: 'wide', width: 13.333, height: 7.5 });
  file.layout = 'wide';
  file.title = input.title;
  file.author = input.author;
  file.theme = { headFontFace: officeFonts.latin, bodyFontFace: officeFonts.latin };
  for (const layout of slideLayouts) defineMaster(file, layout, theme);
  for (const slide of deck.slides) addSlide(file, slide, theme, input);
  const bytes = (await file.write({ outputType: 'uint8array' })) as Uint8Array;
  return withChineseFonts(bytes);
}

const place = ({ x, y, w, h }: Pick<PlacedBox, 'x' | 'y' | 'w' | 'h'>) => ({
  x: x * inch,
  y: y * inch,
  w: w * inch,
  h: h * inch,
});

const placeholderKinds: Partial<Record<PlacedBox['role'], 'title' | 'body'>> = {
  title: 'title',
  subtitle: 'body',
  body: 'body',
  right: 'body',
  caption: 'body',
  quote: 'body',
  by: 'body',
};

function defineMaster(file: PptxFile, layout: Slide['layout'], theme: ThemeColours): void {
  const cover = coverLayouts.has(layout);
  const sample = blankSlide('sample', layout, { bullets: layout === 'figure' ? [] : [] });
  const objects: NonNullable<pptxgen.default.SlideMasterProps['objects']> = [];
  for (const box of placeSlide(sample)) {
    const type = placeholderKinds[box.role];
    if (box.role === 'rule') objects.push({ rect: { ...place(box), fill: { color: hex(theme.accent) } } });
    else if (type)
      objects.push({
        placeholder: {
          options: {
            name: box.role,
            type,
            ...place(box),
            align: box.align,
            valign: box.valign,
            margin: 0,
            fontFace: officeFonts.latin,
            fontSize: Math.round(box.size * point * 10) / 10,
            bold: box.bold,
            color: hex(colourOf(box.role, theme, cover)),
          },
          text: '',
        },
      });
  }
  file.defineSlideMaster({
    title: layoutNames[layout],
    background: { color: hex(cover ? theme.cover : theme.ground) },
    objects,
    ...(cover
      ? {}
      : { slideNumber: { x: 12.2, y: 7.02, w: 0.8, h: 0.3, align: 'right', fontSize: 11, color: hex(theme.soft) } }),
  });
}

function colourOf(role: PlacedBox['role'], theme: ThemeColours, cover: boolean): string {
  const soft = role === 'subtitle' || role === 'caption' || role === 'by';
  if (cover) return soft ? theme.coverSoft : theme.coverInk;
  return soft ? theme.soft : theme.ink;
}

function addSlide(file: PptxFile, slide: Slide, theme: ThemeColours, input: ExportInput): void {
  const page = file.addSlide({ masterName: layoutNames[slide.layout] });
  const cover = coverLayouts.has(slide.layout);
  for (const box of placeSlide(slide)) {
    const text = (words: string) => {
      if (words.trim() === '') return;
      page.addText(runsOf(words), {
        placeholder: box.role,
        ...place(box),
        fontSize: box.size * point,
        bold: box.bold,
        color: hex(colourOf(box.role, theme, cover)),
        align: box.align,
        valign: box.valign,
        margin: 0,
        lineSpacingMultiple: lineHeight / 1.2,
      });
    };
    if (box.role === 'title') text(slide.title);
    else if (box.role === 'subtitle') text(slide.subtitle);
    else if (box.role === 'caption') text(slide.caption);
    else if (box.role === 'quote') text(slide.quote);
    else if (box.role === 'by') text(slide.by ? `— ${slide.by}` : '');
    else if (box.role === 'body') addBullets(page, slide.bullets, box, theme);
    else if (box.role === 'right') addBullets(page, slide.right, box, theme);
    else if (box.role === 'image') addImage(page, slide, box, input);
    else if (box.role === 'table') addTable(page, slide, box, theme);
    else if (box.role === 'chart') addChart(file, page, slide, box, theme);
  }
  if (slide.notes.trim() !== '') page.addNotes(slide.notes);
}

function runsOf(words: string): pptxgen.default.TextProps[] {
  return inlineRuns(words).map((run) => ({
    text: run.math ? linearMath(run.text) : run.text,
    options: {
      ...(run.bold ? { bold: true } : {}),
      ...(run.code ? { fontFace: officeFonts.mono } : {}),
      // A formula stays readable as words; PowerPoint's own formulas have no place in this library.
      ...(run.math ? { italic: true, fontFace: 'Cambria Math' } : {}),
    },
  }));
}

function addBullets(
  page: pptxgen.default.Slide,
  bullets: readonly SlideBullet[],
  box: PlacedBox,
  theme: ThemeColours,
): void {
  if (bullets.length === 0) return;
  const size = box.size * point;
  const items = bullets.flatMap(({ text, level }, at) => {
    const runs = runsOf(text === '' ? ' ' : text);
    return runs.map((run, index) => ({
      ...run,
      options: {
        ...run.options,
        fontSize: size * levelScale[level],
        color: hex(theme.ink),
        ...(index === 0
          ? { bullet: { indent: size * 0.95 }, indentLevel: level, paraSpaceBefore: size * (level === 0 ? 0.5 : 0.25) }
          : {}),
        ...(index === runs.length - 1 && at < bullets.length - 1 ? { breakLine: true } : {}),
      },
    }));
  });
  page.addText(items, {
    placeholder: box.role,
    ...place(box),
    valign: 'top',
    margin: 0,
    lineSpacingMultiple: lineHeight / 1.2,
  });
}

function addImage(page: pptxgen.default.Slide, slide: Slide, box: PlacedBox, input: ExportInput): void {
  const image = input.images.get(slide.image ?? '');
  if (!image) return;
  const { width, height } = fitInto(image, box.w, box.h, true);
  page.addImage({
    data: `${image.mediaType};base64,${Buffer.from(image.bytes).toString('base64')}`,
    altText: slide.caption || slide.title,
    ...place({ x: box.x + (box.w - width) / 2, y: box.y + (box.h - height) / 2, w: width, h: height }),
  });
}

function addTable(page: pptxgen.default.Slide, slide: Slide, box: PlacedBox, theme: ThemeColours): void {
  if (slide.rows.length === 0) return;
  const columns = Math.max(1, ...slide.rows.map((row) => row.length));
  const none = { type: 'none' as const };
  const rows = slide.rows.map((row, at) =>
    Array.from({ length: columns }, (_, column) => ({
      text: row[column] ?? '',
      options: {
        bold: at === 0,
        border: [
          none,
          none,
          { type: 'solid' as const, pt: at === 0 ? 1.5 : 0.75, color: hex(at === 0 ? theme.accent : theme.line) },
          none,
        ] as [
          pptxgen.default.BorderProps,
          pptxgen.default.BorderProps,
          pptxgen.default.BorderProps,
          pptxgen.default.BorderProps,
        ],
      },
    })),
  );
  page.addTable(rows, {
    x: box.x * inch,
    y: box.y * inch,
    w: box.w * inch,
    colW: Array.from({ length: columns }, () => (box.w * inch) / columns),
    fontSize: box.size * point,
    fontFace: officeFonts.latin,
    color: hex(theme.ink),
    valign: 'middle',
    margin: [0.06, 0.1, 0.06, 0.1],
  });
}

function addChart(
  file: PptxFile,
  page: pptxgen.default.Slide,
  slide: Slide,
  box: PlacedBox,
  theme: ThemeColours,
): void {
  const { categories, series } = chartData(slide.rows);
  if (categories.length === 0 || series.length === 0) return;
  const data = series.map(({ name, values }) => ({ name, labels: [...categories], values: [...values] }));
  page.addChart(slide.chart === 'line' ? file.ChartType.line : file.ChartType.bar, data, {
    ...place(box),
    ...(slide.chart === 'line'
      ? { lineSize: 3, lineDataSymbolSize: 7 }
      : { barDir: slide.chart === 'bar' ? 'bar' : 'col', barGapWidthPct: 60 }),
    // The first category on top; the types know only the other order.
    ...(slide.chart === 'bar' ? { catAxisOrientation: 'maxMin' as 'minMax' } : {}),
    chartColors: theme.series.map(hex),
    showLegend: series.length > 1,
    legendPos: 't',
    legendColor: hex(theme.ink),
    legendFontSize: 13,
    catAxisLabelColor: hex(theme.soft),
    valAxisLabelColor: hex(theme.soft),
    catAxisLabelFontSize: 12,
    valAxisLabelFontSize: 12,
    valGridLine: { color: hex(theme.line), size: 0.75 },
    altText: slide.caption || slide.title,
  });
}

/** The library gives Chinese words the Latin font's name; here they get a Chinese one, and the language of the text. */
async function withChineseFonts(bytes: Uint8Array): Promise<Uint8Array> {
  const zip = await JsZip.loadAsync(bytes);
  for (const [name, entry] of Object.entries(zip.files)) {
    if (entry.dir || !/^ppt\/(slides|slideLayouts|slideMasters|theme|notesSlides|charts)\/[^/]+\.xml$/.test(name))
      continue;
    const xml = await entry.async('string');
    const changed = xml
      // A paragraph of several runs is given its properties once more before each: those are not valid there.
      .replace(/(<\/a:r>)<a:pPr\b(?:[^>]*\/>|[\s\S]*?<\/a:pPr>)/g, '$1')
      .replace(/<a:ea typeface="(?:|Calibri|Consolas|Cambria Math)"/g, `<a:ea typeface="${officeFonts.eastAsia}"`)
      .replace(/<a:rPr lang="en-US"(?! altLang)/g, '<a:rPr lang="en-US" altLang="zh-CN"');
    if (changed !== xml) zip.file(name, changed);
  }
  return zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' });
}
