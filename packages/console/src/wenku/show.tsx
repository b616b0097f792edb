import type { WenkuDeck } from '@myriad/contracts';
import { useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { IconButton } from '../ui/button.tsx';
import { useWords } from '../words/define-words.ts';
import { SlideView } from './slide-view.tsx';
import { wenkuWords } from './words.ts';

/** The deck on the whole screen. Arrow keys, space, Page Up and Down, Home and End turn; N shows the speaker's notes. */
export function Show({
  deck,
  documentId,
  from,
  onEnd,
}: {
  readonly deck: WenkuDeck;
  readonly documentId: string;
  readonly from: number;
  readonly onEnd: (at: number) => void;
}) {
  const say = useWords(wenkuWords);
  const stage = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(from);
  const [notes, setNotes] = useState(false);
  const last = deck.slides.length - 1;
  const slide = deck.slides[at];
  const next = deck.slides[at + 1];
  const turn = (to: number) => setAt(Math.max(0, Math.min(last, to)));
  const end = () => {
    if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
    onEnd(at);
  };
  useEffect(() => {
    const element = stage.current;
    element?.focus();
    void element?.requestFullscreen?.().catch(() => {});
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      const turns: Readonly<Record<string, number>> = {
        ArrowRight: at + 1,
        ArrowDown: at + 1,
        PageDown: at + 1,
        ' ': at + 1,
        Enter: at + 1,
        ArrowLeft: at - 1,
        ArrowUp: at - 1,
        PageUp: at - 1,
        Home: 0,
        End: last,
      };
      const to = turns[event.key];
      if (event.target instanceof HTMLButtonElement && (event.key === ' ' || event.key === 'Enter')) return;
      if (to !== undefined) turn(to);
      else if (event.key === 'n' || event.key === 'N') setNotes((shown) => !shown);
      else if (event.key === 'Escape') end();
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  if (!slide) return null;
  return createPortal(
    <div
      ref={stage}
      role="dialog"
      aria-modal="true"
      aria-label={say('presenting')}
      tabIndex={-1}
      className="fixed inset-0 z-[70] flex flex-col bg-[#000] text-[#f3f1ec] outline-none"
    >
      <div className="grid min-h-0 flex-1 place-items-center">
        <div
          style={{
            width: notes ? 'min(100vw, calc((100vh - 260px) * 16 / 9))' : 'min(100vw, calc((100vh - 44px) * 16 / 9))',
          }}
        >
          <SlideView slide={slide} theme={deck.theme} documentId={documentId} />
        </div>
      </div>
      {notes && (
        <div className="flex h-[212px] gap-6 overflow-hidden border-t border-[#343b45] bg-[#14171b] px-5 py-3">
          <p className="min-w-0 flex-1 overflow-y-auto text-[17px] leading-[1.5] whitespace-pre-wrap">
            {slide.notes || say('noNotes')}
          </p>
          {next && (
            <div className="hidden w-[280px] shrink-0 md:block">
              <p className="mb-1 text-small text-[#a9b1bb]">{say('nextSlide')}</p>
              <SlideView slide={next} theme={deck.theme} documentId={documentId} />
            </div>
          )}
        </div>
      )}
      <div className="flex h-11 items-center gap-1 bg-[#14171b] px-2">
        <IconButton
          icon="left"
          label={say('previous')}
          disabled={at === 0}
          onClick={() => turn(at - 1)}
          className="text-[#f3f1ec]!"
        />
        <span aria-live="polite" className="text-small">
          {say('slideOf', { number: at + 1, count: last + 1 })}
        </span>
        <IconButton
          icon="right"
          label={say('next')}
          disabled={at === last}
          onClick={() => turn(at + 1)}
          className="text-[#f3f1ec]!"
        />
        <span className="ml-3 hidden text-small text-[#a9b1bb] md:inline">{say('presentHelp')}</span>
        <button
          type="button"
          aria-pressed={notes}
          onClick={() => setNotes(!notes)}
          className="ml-auto min-h-8 rounded-control px-3 hover:bg-[#343b45] aria-pressed:bg-[#343b45]"
        >
          {say('notes')}
        </button>
        <button type="button" onClick={end} className="min-h-8 rounded-control px-3 hover:bg-[#343b45]">
          {say('endShow')}
        </button>
      </div>
    </div>,
    document.body,
  );
}
