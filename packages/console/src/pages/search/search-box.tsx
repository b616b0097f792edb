import { useDeferredValue, useEffect, useId, useRef, useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useWords } from '../../words/define-words.ts';
import { searchWords } from './words.ts';

/** The question, with suggestions while it is typed: arrows choose, Enter asks, Escape closes. */
export function SearchBox({
  label,
  initial = '',
  running,
  onAsk,
  onStop,
}: {
  readonly label: string;
  readonly initial?: string;
  readonly running: boolean;
  readonly onAsk: (question: string) => void;
  readonly onStop: () => void;
}) {
  const say = useWords(searchWords);
  const [text, setText] = useState(initial);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const box = useRef<HTMLInputElement>(null);
  const listId = useId();
  const typed = useDeferredValue(text.trim());
  const found = useApi('GET /api/search/suggestions', { query: { q: typed } }, { enabled: open && typed.length > 1 });
  const items = open && typed.length > 1 ? (found.data?.items ?? []) : [];
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) box.current?.focus();
  }, []);

  const ask = (question: string) => {
    const wanted = question.trim();
    if (wanted === '' || running) return;
    setOpen(false);
    setChosen(-1);
    setText('');
    onAsk(wanted);
  };

  return (
    <search className="relative block w-full">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          ask(items[chosen]?.text ?? text);
        }}
      >
        <div className="flex items-center gap-2 rounded-[14px] border border-line bg-card py-1.5 pr-1.5 pl-3.5 shadow-box focus-within:border-field">
          <span className="text-soft">
            <Icon name="search" />
          </span>
          <input
            ref={box}
            role="combobox"
            aria-label={label}
            aria-expanded={items.length > 0}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={chosen >= 0 ? `${listId}-${chosen}` : undefined}
            placeholder={label}
            value={text}
            maxLength={4000}
            autoComplete="off"
            enterKeyHint="search"
            className="min-h-10 min-w-0 flex-1 bg-transparent text-[15px] outline-none placeholder:text-soft"
            onChange={(event) => {
              setText(event.target.value);
              setChosen(-1);
              setOpen(true);
            }}
            onBlur={() => setOpen(false)}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === 'Escape') setOpen(false);
              if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || items.length === 0) return;
              event.preventDefault();
              const step = event.key === 'ArrowDown' ? 1 : -1;
              setChosen((before) => ((before + 1 + step + items.length + 1) % (items.length + 1)) - 1);
            }}
          />
          {running ? (
            <Button onClick={onStop}>
              <Icon name="stop" /> {say('stop')}
            </Button>
          ) : (
            <Button look="primary" type="submit" disabled={text.trim() === '' && chosen < 0}>
              {say('send')}
            </Button>
          )}
        </div>
        <ul
          id={listId}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the list of a combobox
          role="listbox"
          aria-label={say('suggestions')}
          hidden={items.length === 0}
          className="absolute inset-x-0 top-full z-20 mt-1 overflow-hidden rounded-card border border-line bg-card py-1 shadow-over"
        >
          {items.map((item, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
            // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the combobox
            <li
              key={`${item.from} ${item.text}`}
              id={`${listId}-${at}`}
              // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: an option of a combobox
              role="option"
              aria-selected={at === chosen}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => ask(item.text)}
              className="flex min-h-9 cursor-default items-baseline gap-3 px-3.5 py-1.5 hover:bg-hair aria-selected:bg-hair"
            >
              <span className="min-w-0 flex-1 truncate">{item.text}</span>
              <span className="max-w-[45%] truncate text-small text-soft">
                {say(`from_${item.from}`, { of: item.of ?? '' })}
              </span>
            </li>
          ))}
        </ul>
      </form>
    </search>
  );
}
