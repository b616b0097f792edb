import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';

const nearPx = 90;
const marginPx = 20;

/**
 * Keeps the newest text in sight until the last question has reached the top; from there on the text grows below and what
 * is being read stays where it is. A reader who scrolls away is left alone.
 */
export function useReadingScroll(
  box: RefObject<HTMLElement | null>,
  conversation: string | null,
  steps: number,
): { readonly away: boolean; readonly toNewest: () => void } {
  const [away, setAway] = useState(false);
  const follows = useRef(true);

  const settle = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const bottom = element.scrollHeight - element.clientHeight;
    if (follows.current) {
      const questions = element.querySelectorAll<HTMLElement>('[data-question]');
      const top = questions.item(questions.length - 1)?.offsetTop ?? Number.POSITIVE_INFINITY;
      element.scrollTop = Math.max(element.scrollTop, Math.min(bottom, top - marginPx));
    }
    setAway(bottom - element.scrollTop > nearPx);
  }, [box]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation or a new message begins at its end
  useEffect(() => {
    follows.current = true;
    settle();
  }, [conversation, steps, settle]);

  useEffect(() => {
    const element = box.current;
    const content = element?.firstElementChild;
    if (!element || !content) return;
    const observer = new ResizeObserver(settle);
    observer.observe(content);
    const onScroll = () => setAway(element.scrollHeight - element.clientHeight - element.scrollTop > nearPx);
    const onWheel = (event: WheelEvent) => {
      if (event.deltaY < 0) follows.current = false;
    };
    const onTouch = () => {
      follows.current = false;
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    element.addEventListener('wheel', onWheel, { passive: true });
    element.addEventListener('touchmove', onTouch, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('touchmove', onTouch);
    };
  }, [box, settle]);

  const toNewest = () => {
    const element = box.current;
    follows.current = true;
    element?.scrollTo({ top: element.scrollHeight, behavior: 'smooth' });
  };
  return { away, toNewest };
}
