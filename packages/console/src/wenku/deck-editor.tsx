import { blankSlide, deckThemes, slideLayouts } from '@myriad/builtin/wenku';
import type { DeckTheme, Slide, SlideLayout, WenkuDeck } from '@myriad/contracts';
import { useState } from 'react';
import { Button, Choices, IconButton } from '../ui/button.tsx';
import { SelectField, TextArea } from '../ui/field.tsx';
import { sentenceOf } from '../ui/problem-note.tsx';
import { tell } from '../ui/toast.tsx';
import { useWords } from '../words/define-words.ts';
import { RowsEditor } from './rows-editor.tsx';
import { asPicture, chooseFile, sendBytes } from './send-bytes.ts';
import { SlideView } from './slide-view.tsx';
import { wenkuWords } from './words.ts';

const starterRows = [
  ['', '2025', '2026'],
  ['A', '10', '14'],
  ['B', '8', '12'],
];

/** Slides at the left, the chosen one in the middle to edit in place, its layout, data and notes at the right. */
export function DeckEditor({
  deck,
  documentId,
  at,
  onSelect,
  onChange,
}: {
  readonly deck: WenkuDeck;
  readonly documentId: string;
  readonly at: number;
  readonly onSelect: (at: number) => void;
  /** Missing: the deck is only looked at. */
  readonly onChange: ((deck: WenkuDeck) => void) | null;
}) {
  const say = useWords(wenkuWords);
  const [dragged, setDragged] = useState<number | null>(null);
  const slide = deck.slides[Math.min(at, deck.slides.length - 1)] as Slide;
  const put = (slides: readonly Slide[], select: number) => {
    onChange?.({ ...deck, slides });
    onSelect(Math.max(0, Math.min(slides.length - 1, select)));
  };
  const set = (change: Partial<Slide>) =>
    onChange?.({ ...deck, slides: deck.slides.map((each, index) => (index === at ? { ...each, ...change } : each)) });
  const move = (from: number, to: number) => {
    const moved = deck.slides[from];
    if (!moved || from === to || to < 0 || to >= deck.slides.length) return;
    const rest = deck.slides.filter((_, index) => index !== from);
    put([...rest.slice(0, to), moved, ...rest.slice(to)], to);
  };
  const freshId = () => `s${Math.max(0, ...deck.slides.map(({ id }) => Number(/^s(\d+)$/.exec(id)?.[1] ?? 0))) + 1}`;
  const insert = (made: Slide) => put([...deck.slides.slice(0, at + 1), made, ...deck.slides.slice(at + 1)], at + 1);
  return (
    <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)] grid-rows-[auto_auto_auto] overflow-y-auto lg:grid-cols-[190px_minmax(0,1fr)_288px] lg:grid-rows-1 lg:overflow-hidden">
      <nav
        aria-label={say('slides')}
        className="scrollbar-quiet order-2 flex items-start gap-2 overflow-auto border-line p-3 max-lg:border-t lg:order-none lg:flex-col lg:border-r"
      >
        {deck.slides.map((each, index) => (
          <button
            key={each.id}
            type="button"
            aria-current={index === at}
            draggable={onChange !== null}
            onDragStart={() => setDragged(index)}
            onDragOver={(event) => dragged !== null && event.preventDefault()}
            onDrop={() => {
              if (dragged !== null) move(dragged, index);
              setDragged(null);
            }}
            onDragEnd={() => setDragged(null)}
            onClick={() => onSelect(index)}
            onKeyDown={(event) => {
              if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
                event.preventDefault();
                move(index, index + (event.key === 'ArrowUp' ? -1 : 1));
              }
            }}
            className="relative flex w-40 shrink-0 gap-1.5 text-left lg:w-full"
          >
            <span className="sr-only">{`${say('slide', { number: index + 1 })}: ${each.title}`}</span>
            <span aria-hidden="true" className="w-5 shrink-0 pt-0.5 text-right text-small text-soft">
              {index + 1}
            </span>
            <span
              className={`block min-w-0 flex-1 overflow-hidden rounded-[5px] border-2 ${index === at ? 'border-data' : 'border-line'}`}
            >
              <span aria-hidden="true" inert className="pointer-events-none block">
                <SlideView slide={each} theme={deck.theme} documentId={documentId} />
              </span>
            </span>
          </button>
        ))}
      </nav>
      <section
        aria-label={say('slide', { number: at + 1 })}
        className="order-1 flex min-h-0 min-w-0 flex-col gap-3 bg-hair p-3 md:p-5 lg:order-none lg:overflow-y-auto"
      >
        {onChange && (
          <div className="flex flex-wrap items-center gap-1">
            <Button onClick={() => insert(blankSlide(freshId(), 'bullets'))}>+ {say('addSlide')}</Button>
            <IconButton icon="copy" label={say('duplicate')} onClick={() => insert({ ...slide, id: freshId() })} />
            <IconButton icon="left" label={say('moveUp')} disabled={at === 0} onClick={() => move(at, at - 1)} />
            <IconButton
              icon="right"
              label={say('moveDown')}
              disabled={at >= deck.slides.length - 1}
              onClick={() => move(at, at + 1)}
            />
            <IconButton
              icon="close"
              label={say('deleteSlide')}
              disabled={deck.slides.length === 1}
              onClick={() => {
                put(
                  deck.slides.filter((_, index) => index !== at),
                  at,
                );
                tell(say('slideDeleted'));
              }}
            />
            <span className="ml-auto text-small text-soft">
              {say('slideOf', { number: at + 1, count: deck.slides.length })}
            </span>
          </div>
        )}
        <div className="overflow-hidden rounded-[6px] border border-line shadow-box">
          <SlideView
            key={slide.id}
            slide={slide}
            theme={deck.theme}
            documentId={documentId}
            {...(onChange ? { onChange: set } : {})}
          />
        </div>
        <TextArea
          label={say('notes')}
          rows={4}
          value={slide.notes}
          readOnly={onChange === null}
          onChange={(event) => set({ notes: event.target.value })}
        />
      </section>
      {onChange && (
        <aside
          aria-label={say('slideOptions')}
          className="scrollbar-quiet order-3 grid content-start gap-4 border-line p-4 max-lg:border-t lg:order-none lg:overflow-y-auto lg:border-l"
        >
          <SelectField
            label={say('theme')}
            value={deck.theme}
            options={deckThemes.map((value) => ({ value, label: say(`theme_${value}`) }))}
            onChange={(event) => onChange({ ...deck, theme: event.target.value as DeckTheme })}
          />
          <SelectField
            label={say('layout')}
            value={slide.layout}
            options={slideLayouts.map((value) => ({ value, label: say(`layout_${value}`) }))}
            onChange={(event) => {
              const layout = event.target.value as SlideLayout;
              const needsRows = (layout === 'table' || layout === 'chart') && slide.rows.length === 0;
              set({ layout, ...(needsRows ? { rows: starterRows } : {}) });
            }}
          />
          {slide.layout === 'chart' && (
            <Choices
              label={say('chart')}
              value={slide.chart}
              options={(['column', 'bar', 'line'] as const).map((value) => ({ value, label: say(`chart_${value}`) }))}
              onChange={(chart) => set({ chart })}
            />
          )}
          {(slide.layout === 'table' || slide.layout === 'chart') && (
            <div className="grid gap-1.5">
              <p className="text-small font-medium text-soft">{say('data')}</p>
              <RowsEditor rows={slide.rows} onChange={(rows) => set({ rows })} />
            </div>
          )}
          {slide.layout === 'figure' && (
            <div className="flex flex-wrap gap-2">
              <Button
                onClick={() =>
                  chooseFile('image/*', async (file) => {
                    try {
                      const path = `/api/wenku/${documentId}/images`;
                      const { hash } = await sendBytes<'POST /api/wenku/:id/images'>(path, await asPicture(file));
                      set({ image: hash });
                    } catch (error) {
                      tell(sentenceOf(error));
                    }
                  })
                }
              >
                {say('pickImage')}
              </Button>
              {slide.image && (
                <Button look="quiet" onClick={() => set({ image: null })}>
                  {say('removeImage')}
                </Button>
              )}
            </div>
          )}
        </aside>
      )}
    </div>
  );
}
