import type { QuantumDescription } from '@myriad/contracts';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { myriad } from '../../api/client.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { TextArea } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';
import { quantumWords } from './words.ts';

type Asked =
  | { readonly status: 'idle' | 'writing' | 'stopped' }
  | { readonly status: 'done'; readonly description: QuantumDescription }
  | { readonly status: 'failed'; readonly error: unknown };

/** Words → circuit, by a governed run of the app Quantum Lab. Only a circuit that can be read reaches the editor. */
export function DescribeForm({ onWritten }: { readonly onWritten: (source: string) => void }) {
  const say = useWords(quantumWords);
  const language = useLanguage();
  const { node, may } = useReader();
  const [words, setWords] = useState('');
  const [asked, setAsked] = useState<Asked>({ status: 'idle' });
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  if (!node.generates)
    return (
      <Card title={say('describe')}>
        <p className="text-soft">{say('describeNone')}</p>
        {may.includes('models') && (
          <Link to="/models" className={buttonClass('plain', 'mt-3')}>
            {say('attachModel')}
          </Link>
        )}
      </Card>
    );

  const write = async () => {
    abort.current?.abort();
    const stop = new AbortController();
    abort.current = stop;
    setAsked({ status: 'writing' });
    try {
      const body = { words, language };
      const description = await myriad.call('POST /api/quantum/describe', { body, signal: stop.signal });
      if (stop.signal.aborted) return;
      setAsked({ status: 'done', description });
      if (description.source !== null) onWritten(description.source);
    } catch (error) {
      if (!stop.signal.aborted) setAsked({ status: 'failed', error });
    }
  };
  const writing = asked.status === 'writing';

  return (
    <Card title={say('describe')}>
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!writing && words.trim() !== '') void write();
        }}
      >
        <TextArea
          label={say('describeWords')}
          hint={say('describeHint')}
          rows={2}
          maxLength={4000}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <div className="flex gap-2">
          <Button type="submit" busy={writing} disabled={writing || words.trim() === ''}>
            {say('write')}
          </Button>
          {writing && (
            <Button
              onClick={() => {
                abort.current?.abort();
                setAsked({ status: 'stopped' });
              }}
            >
              {say('cancel')}
            </Button>
          )}
        </div>
      </form>
      <div aria-live="polite" className="mt-2 grid gap-1.5 empty:mt-0">
        {writing && <p className="text-soft">{say('writing')}…</p>}
        {asked.status === 'stopped' && <p>{say('writingStopped')}</p>}
        {asked.status === 'done' && <Written description={asked.description} />}
      </div>
      {asked.status === 'failed' && <ProblemNote error={asked.error} />}
    </Card>
  );
}

function Written({
  description: { source, text, model, attempts, currency },
}: {
  readonly description: QuantumDescription;
}) {
  const say = useWords(quantumWords);
  const format = useFormat();
  const cost = format.money(
    attempts.reduce((sum, { costMicros }) => sum + costMicros, 0),
    currency,
  );
  const last = attempts.at(-1);
  const fault = last?.failure ?? null;
  return (
    <>
      {fault && (
        <p className="text-bad">
          {say('writtenFaulty', {
            tries: attempts.length,
            fault:
              fault.line === null
                ? fault.message
                : say('fault', { line: fault.line, column: fault.column ?? 1, message: fault.message }),
          })}
        </p>
      )}
      {source !== null && (
        <p>{attempts.length > 1 ? say('writtenCorrected', { tries: attempts.length - 1 }) : say('written')}</p>
      )}
      {text !== '' && (source !== null || fault?.line === null) && (
        <p className="break-words whitespace-pre-line text-soft">{text}</p>
      )}
      <p className="text-small text-soft">
        {say('writtenBy', { model: model ?? '–', cost })}{' '}
        {last && (
          <Link to="/runs/$run" params={{ run: last.runId }} className="underline">
            {say('seeRun')}
          </Link>
        )}
      </p>
    </>
  );
}
