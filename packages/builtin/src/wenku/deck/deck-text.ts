import type { Slide, WenkuDeck } from '@myriad/contracts';

/** What a slide shows with its layout, in reading order, the notes last. */
export function slideParagraphs(slide: Slide): readonly string[] {
  const rows = slide.rows.map((row) => row.join(' | '));
  const body: Readonly<Record<Slide['layout'], readonly string[]>> = {
    title: [slide.subtitle],
    section: [slide.subtitle],
    bullets: slide.bullets.map(({ text }) => text),
    columns: [...slide.bullets, ...slide.right].map(({ text }) => text),
    figure: [...slide.bullets.map(({ text }) => text), slide.caption],
    table: [...rows, slide.caption],
    chart: [...rows, slide.caption],
    quote: [slide.quote, slide.by],
    closing: [slide.subtitle],
  };
  return [slide.title, ...body[slide.layout], slide.notes].filter((text) => text.trim() !== '');
}

export const deckParagraphs = (deck: WenkuDeck): readonly string[] => deck.slides.flatMap(slideParagraphs);
