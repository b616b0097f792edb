import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { useWords } from '../words/define-words.ts';
import { switchLanguage, useLanguage } from '../words/language.ts';
import { Brand } from './brand.tsx';
import { shellWords } from './words.ts';

/** The frame of pages for somebody who is not signed in: the sentence and one card. */
export function OpenPage({
  sentence,
  under,
  children,
}: {
  readonly sentence: ReactNode;
  readonly under?: ReactNode;
  readonly children: ReactNode;
}) {
  const say = useWords(shellWords);
  const language = useLanguage();
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-[420px] content-center px-5 py-10">
      <div className="mb-10 flex items-center justify-between">
        <Brand />
        <Button look="quiet" onClick={() => switchLanguage(language === 'en' ? 'zh' : 'en')}>
          {say('switchLanguage')}
        </Button>
      </div>
      <h1 className="text-sentence font-semibold tracking-[-0.012em]">{sentence}</h1>
      {under && <p className="mt-1 mb-7 text-soft">{under}</p>}
      {children}
    </main>
  );
}
