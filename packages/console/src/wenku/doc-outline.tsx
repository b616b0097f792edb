import { textOf } from '@myriad/builtin/wenku';
import type { WenkuDoc } from '@myriad/contracts';
import { useWords } from '../words/define-words.ts';
import { wenkuWords } from './words.ts';

/** Headings of a document; a click goes to one. */
export function DocOutline({ doc }: { readonly doc: WenkuDoc }) {
  const say = useWords(wenkuWords);
  const headings = doc.content.filter(({ type }) => type === 'heading');
  return (
    <nav
      aria-label={say('outline')}
      className="sticky top-0 hidden max-h-dvh w-56 shrink-0 self-start overflow-y-auto py-6 xl:block"
    >
      <h2 className="mb-2 text-small font-medium text-soft">{say('outline')}</h2>
      {headings.length === 0 && <p className="text-small text-soft">{say('noOutline')}</p>}
      <ul className="grid gap-0.5">
        {headings.map((heading, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: headings have no identity but their place
          <li key={at} style={{ paddingLeft: (Number(heading.attrs?.level ?? 1) - 1) * 12 }}>
            <button
              type="button"
              className="w-full rounded-control px-1.5 py-1 text-left text-small hover:bg-hair"
              onClick={() =>
                document.querySelectorAll('.wenku-doc :is(h1,h2,h3,h4,h5,h6)')[at]?.scrollIntoView({ block: 'start' })
              }
            >
              {textOf(heading) || '…'}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
