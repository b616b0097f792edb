import type { DeckTheme, Slide, SlideBullet, SlideLayout, SlideRows, WenkuDeck } from '@myriad/contracts';

export const slideLayouts: readonly SlideLayout[] = [
  'title',
  'section',
  'bullets',
  'columns',
  'figure',
  'table',
  'chart',
  'quote',
  'closing',
];
export const deckThemes: readonly DeckTheme[] = ['paper', 'azure', 'ink', 'pine'];
export const mostSlides = 200;

type Refuse = (place: string, wrong: string) => never;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @internal The deck with every field there; `refuse` throws with the place. */
export function checkDeck(value: Record<string, unknown>, refuse: Refuse): WenkuDeck {
  if (value.type !== 'deck') refuse('content.type', 'expected `deck`');
  const theme = deckThemes.find((name) => name === value.theme);
  if (!theme) return refuse('content.theme', `expected one of ${deckThemes.join(', ')}`);
  const { slides } = value;
  if (!Array.isArray(slides) || slides.length === 0 || slides.length > mostSlides)
    return refuse('content.slides', `expected 1 to ${mostSlides} slides`);
  const ids = new Set<string>();
  return {
    type: 'deck',
    theme,
    slides: slides.map((slide: unknown, at) => {
      const checked = checkSlide(slide, `content.slides.${at}`, refuse);
      if (ids.has(checked.id)) refuse(`content.slides.${at}.id`, 'another slide has this id');
      ids.add(checked.id);
      return checked;
    }),
  };
}

function checkSlide(value: unknown, place: string, refuse: Refuse): Slide {
  if (!isObject(value)) return refuse(place, 'expected a slide');
  const text = (name: string, most = 2_000): string => {
    const given = value[name] ?? '';
    if (typeof given !== 'string' || given.length > most)
      return refuse(`${place}.${name}`, `expected text of at most ${most} characters`);
    return given;
  };
  const layout = slideLayouts.find((name) => name === value.layout);
  if (!layout) return refuse(`${place}.layout`, `expected one of ${slideLayouts.join(', ')}`);
  const id = text('id', 64);
  if (id === '') refuse(`${place}.id`, 'expected an id');
  const image = value.image ?? null;
  if (image !== null && !/^[0-9a-f]{64}$/.test(String(image)))
    refuse(`${place}.image`, 'expected the hash of an image of this document');
  const chart = value.chart ?? 'column';
  if (chart !== 'column' && chart !== 'bar' && chart !== 'line')
    return refuse(`${place}.chart`, 'expected column, bar or line');
  return {
    id,
    layout,
    title: text('title'),
    subtitle: text('subtitle'),
    bullets: bulletsOf(value.bullets, `${place}.bullets`, refuse),
    right: bulletsOf(value.right, `${place}.right`, refuse),
    image: image as string | null,
    caption: text('caption'),
    rows: rowsOf(value.rows, `${place}.rows`, refuse),
    chart,
    quote: text('quote', 4_000),
    by: text('by'),
    notes: text('notes', 20_000),
  };
}

function bulletsOf(value: unknown, place: string, refuse: Refuse): readonly SlideBullet[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > 60) return refuse(place, 'expected at most 60 bullets');
  return value.map((bullet: unknown, at) => {
    if (!isObject(bullet) || typeof bullet.text !== 'string' || bullet.text.length > 4_000)
      return refuse(`${place}.${at}`, 'expected a bullet with `text` of at most 4,000 characters');
    const level = bullet.level ?? 0;
    if (level !== 0 && level !== 1 && level !== 2) return refuse(`${place}.${at}.level`, 'expected 0, 1 or 2');
    return { text: bullet.text, level };
  });
}

function rowsOf(value: unknown, place: string, refuse: Refuse): SlideRows {
  if (value === undefined) return [];
  const fits =
    Array.isArray(value) &&
    value.length <= 100 &&
    value.every(
      (row) =>
        Array.isArray(row) && row.length <= 30 && row.every((cell) => typeof cell === 'string' && cell.length <= 2_000),
    );
  if (!fits) return refuse(place, 'expected at most 100 rows of at most 30 cells of text');
  return value as SlideRows;
}
