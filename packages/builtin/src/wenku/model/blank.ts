import type { Slide, SlideLayout, WenkuContent, WenkuKind } from '@myriad/contracts';

/** A slide with every field there; ids are the caller's. */
export function blankSlide(id: string, layout: SlideLayout, change: Partial<Slide> = {}): Slide {
  return {
    id,
    layout,
    title: '',
    subtitle: '',
    bullets: [],
    right: [],
    image: null,
    caption: '',
    rows: [],
    chart: 'column',
    quote: '',
    by: '',
    notes: '',
    ...change,
  };
}

export function blankContent(kind: WenkuKind, title = ''): WenkuContent {
  return kind === 'doc'
    ? { type: 'doc', content: [{ type: 'paragraph' }] }
    : { type: 'deck', theme: 'paper', slides: [blankSlide('s1', 'title', { title })] };
}
