import type { ManifestIssue } from '@myriad/contracts';
import { lazy, Suspense, useEffect, useState } from 'react';
import { myriad } from '../api/client.ts';
import { Icon } from '../ui/icon.tsx';
import { Waiting } from '../ui/page.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { manifestWords } from './words.ts';

const YamlEditor = lazy(() => import('./yaml-editor.tsx'));
const quietMs = 300;

export interface Check {
  /** The text that was checked. */
  readonly source: string;
  readonly issues: readonly ManifestIssue[];
  readonly valid: boolean;
}

/** Asks the node what it thinks of a manifest, a moment after the last keystroke; only the newest answer counts. */
export function useCheck(source: string): Check | null {
  const [check, setCheck] = useState<Check | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      myriad
        .call('POST /api/apps/validate', { body: { source }, signal: abort.signal })
        .then(({ issues }) => setCheck({ source, issues, valid: !issues.some(({ severity }) => severity === 'error') }))
        .catch(() => {});
    }, quietMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [source]);
  return check;
}

/** The manifest as text with its findings listed below; a click on one brings the cursor there. */
export function ManifestEditor({
  value,
  check,
  readOnly = false,
  onChange,
}: {
  readonly value: string;
  readonly check: Check | null;
  readonly readOnly?: boolean;
  readonly onChange: (text: string) => void;
}) {
  const say = useWords(manifestWords);
  const sayCommon = useWords(common);
  const [goTo, setGoTo] = useState<ManifestIssue | null>(null);
  const issues = check?.issues ?? [];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <Suspense fallback={<Waiting label={sayCommon('loading')} rows={8} />}>
        <YamlEditor
          label={say('editor')}
          value={value}
          issues={issues}
          readOnly={readOnly}
          goTo={goTo}
          onChange={onChange}
        />
      </Suspense>
      <div aria-live="polite">
        {check === null || check.source !== value ? (
          <p className="text-soft">{say('checking')}…</p>
        ) : issues.length === 0 ? (
          <p className="flex items-center gap-2 text-good">
            <Icon name="check" />
            {say('fine')}
          </p>
        ) : (
          <p className="text-bad">{say('issues', { count: issues.length })}</p>
        )}
      </div>
      {issues.length > 0 && (
        <ul className="grid gap-1">
          {issues.map((issue) => (
            <li key={`${issue.line}:${issue.column}:${issue.field}:${issue.message}`}>
              <button
                type="button"
                onClick={() => setGoTo({ ...issue })}
                className="w-full rounded-control border border-line bg-card px-3 py-2 text-left hover:border-field"
              >
                <span className="flex flex-wrap items-baseline gap-x-2">
                  <span className={issue.severity === 'error' ? 'text-bad' : 'text-wait'}>{say(issue.severity)}</span>
                  <code className="font-mono text-small">{issue.field}</code>
                  <span className="text-small text-soft">
                    {say('place', { line: issue.line, column: issue.column })}
                  </span>
                </span>
                <span className="block">
                  {[
                    issue.message,
                    issue.expected ? say('expected', { what: issue.expected }) : '',
                    issue.didYouMean ? say('didYouMean', { what: issue.didYouMean }) : '',
                  ]
                    .filter(Boolean)
                    .join(' ')}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
