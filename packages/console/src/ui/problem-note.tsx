import { MyriadError } from '@myriad/sdk';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { failureWords } from '../words/failures.ts';
import { Button } from './button.tsx';

/** The sentence of an error: the server's own, or what we know when it could not say. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error in words: what happened, what it was about, what to do. */
export function ProblemNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const say = useWords(common);
  const sayFailure = useWords(failureWords);
  if (!error) return null;
  const failure = error instanceof MyriadError ? error : null;
  const requestId = failure?.facts.requestId;
  return (
    <div role="alert" className="rounded-card border border-line bg-decide-soft px-4 py-3">
      <p className="font-medium text-bad">{failure ? sayFailure(failure.code) : say('happened')}</p>
      <p className="mt-0.5 break-words">{sentenceOf(error)}</p>
      {(onRetry || typeof requestId === 'string') && (
        <div className="mt-2 flex flex-wrap items-center gap-3">
          {onRetry && <Button onClick={onRetry}>{say('retry')}</Button>}
          {typeof requestId === 'string' && requestId !== '' && (
            <span className="font-mono text-tiny text-soft">{say('requestId', { id: requestId })}</span>
          )}
        </div>
      )}
    </div>
  );
}
