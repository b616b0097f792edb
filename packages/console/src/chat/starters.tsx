import { Link } from '@tanstack/react-router';
import { useReader } from '../session/use-session.ts';
import { buttonClass } from '../ui/button.tsx';
import { useWords } from '../words/define-words.ts';
import { chatWords } from './words.ts';

/** The beginning of a conversation: what is true here, and ways to start. */
export function Starters({
  title,
  description,
  starters,
  onStart,
}: {
  /** The app's title; null for Assistant, which says what it can do instead. */
  readonly title: string | null;
  readonly description: string;
  readonly starters: readonly string[];
  readonly onStart: (text: string) => void;
}) {
  const say = useWords(chatWords);
  const { node, may } = useReader();
  const own = [say('starter1'), say('starter2'), say('starter3'), say('starter4')];
  const offered = starters.length > 0 ? starters : own;
  return (
    <div className="w-full max-w-[720px] px-4 md:px-0">
      <h1 className="max-w-[22em] text-[22px] leading-[1.32] font-semibold tracking-[-0.012em] md:text-sentence">
        {title ?? say(node.generates ? 'emptyGenerates' : 'emptyQuotes')}
      </h1>
      <p className="mt-1.5 max-w-[46em] text-soft">
        {title === null ? say(node.generates ? 'emptyUnderGenerates' : 'emptyUnderQuotes') : description}
      </p>
      {!node.generates && may.includes('models') && (
        <Link to="/models" className={buttonClass('plain', 'mt-3')}>
          {say('attachModel')}
        </Link>
      )}
      <h2 className="mt-7 mb-2 text-small font-medium text-soft">{say('starters')}</h2>
      <ul className="grid gap-2 sm:grid-cols-2">
        {offered.slice(0, 4).map((starter) => (
          <li key={starter}>
            <button
              type="button"
              onClick={() => onStart(starter)}
              className="h-full min-h-11 w-full rounded-card border border-line bg-card px-3.5 py-2 text-left hover:border-field"
            >
              {starter}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
