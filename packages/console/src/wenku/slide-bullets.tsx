import { levelIndent, levelScale, lineHeight, type PlacedBox, type ThemeColours } from '@myriad/builtin/wenku';
import type { SlideBullet } from '@myriad/contracts';
import { type KeyboardEvent, useState } from 'react';
import { useWords } from '../words/define-words.ts';
import { EditableWords, SlideRuns } from './slide-words.tsx';
import { wenkuWords } from './words.ts';

/** A list of points. Enter adds one, Tab moves it in or out, Backspace takes an empty one away. */
export function SlideBullets({
  bullets,
  box,
  theme,
  onChange,
}: {
  readonly bullets: readonly SlideBullet[];
  readonly box: PlacedBox;
  readonly theme: ThemeColours;
  readonly onChange?: ((bullets: readonly SlideBullet[]) => void) | undefined;
}) {
  const say = useWords(wenkuWords);
  const [active, setActive] = useState<number | null>(null);
  const onKey = (at: number) => (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const bullet = bullets[at];
    if (!bullet || !onChange) return;
    const put = (next: readonly SlideBullet[], focus: number) => {
      event.preventDefault();
      onChange(next);
      setActive(focus);
    };
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing)
      put([...bullets.slice(0, at + 1), { text: '', level: bullet.level }, ...bullets.slice(at + 1)], at + 1);
    else if (event.key === 'Tab' && (event.shiftKey ? bullet.level > 0 : bullet.level < 2 && at > 0)) {
      const level = (bullet.level + (event.shiftKey ? -1 : 1)) as SlideBullet['level'];
      put(
        bullets.map((each, index) => (index === at ? { ...each, level } : each)),
        at,
      );
    } else if (event.key === 'Backspace' && bullet.text === '' && bullets.length > 1)
      put(
        bullets.filter((_, index) => index !== at),
        Math.max(0, at - 1),
      );
  };
  return (
    <ul>
      {bullets.map((bullet, at) => {
        const size = box.size * levelScale[bullet.level];
        const indent = box.size * levelIndent;
        return (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: points have no identity but their place
            key={at}
            className="flex"
            style={{
              fontSize: size,
              lineHeight,
              marginTop: box.size * (bullet.level === 0 ? 0.5 : 0.25),
              paddingLeft: indent * bullet.level,
            }}
          >
            <span aria-hidden="true" className="shrink-0" style={{ width: indent, color: theme.accent }}>
              {bullet.level === 0 ? '•' : '–'}
            </span>
            <div className="min-w-0 flex-1">
              {onChange ? (
                <EditableWords
                  text={bullet.text}
                  label={say('field_bullet', { number: at + 1 })}
                  active={active === at}
                  onLeave={() => setActive((before) => (before === at ? null : before))}
                  onChange={(text) => onChange(bullets.map((each, index) => (index === at ? { ...each, text } : each)))}
                  onKey={onKey(at)}
                />
              ) : (
                <SlideRuns text={bullet.text} />
              )}
            </div>
          </li>
        );
      })}
      {onChange && bullets.length === 0 && (
        <li>
          <button
            type="button"
            className="underline underline-offset-4"
            style={{ fontSize: box.size * 0.7, color: theme.soft }}
            onClick={() => {
              onChange([{ text: '', level: 0 }]);
              setActive(0);
            }}
          >
            {say('addPoint')}
          </button>
        </li>
      )}
    </ul>
  );
}
