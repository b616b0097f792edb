import { Icon } from '../ui/icon.tsx';
import { useWords } from '../words/define-words.ts';
import type { LiveTool } from './live-answer.ts';
import type { ShownAnswer } from './shown-answer.ts';
import { chatWords } from './words.ts';

/** What the app did on the way: reading, thinking, tools. Open while it runs, folded afterwards. */
export function AnswerSteps({ shown }: { readonly shown: ShownAnswer }) {
  const say = useWords(chatWords);
  const running = shown.streaming && shown.text === '';
  const steps = running ? shown.steps.filter((step) => step.kind !== 'tool') : [];
  if (steps.length === 0 && shown.tools.length === 0 && shown.reasoning === '') return null;
  return (
    <div className="grid gap-1 text-[13px] text-soft">
      {steps.length > 0 && (
        <ul aria-label={say('steps')} className="grid gap-0.5">
          {steps.map((step) => (
            <li key={step.id} className="flex items-center gap-2">
              <StepMark state={step.status} />
              {step.title}
              <span className="sr-only">{say(`step_${step.status}`)}</span>
            </li>
          ))}
        </ul>
      )}
      {shown.tools.map((tool) => (
        <ToolStep key={tool.id} tool={tool} />
      ))}
      {shown.reasoning !== '' && (
        <details>
          <summary className="min-h-7 hover:text-ink">{say('thought')}</summary>
          <p className="border-l-2 border-line pl-3 leading-relaxed whitespace-pre-wrap">{shown.reasoning}</p>
        </details>
      )}
    </div>
  );
}

function ToolStep({ tool }: { readonly tool: LiveTool }) {
  const say = useWords(chatWords);
  const state = tool.ok === null ? 'running' : tool.ok ? 'done' : 'failed';
  return (
    <details>
      <summary className="flex min-h-7 items-center gap-2 hover:text-ink">
        <StepMark state={state} />
        {say(tool.ok === false ? 'toolFailed' : 'tool', { name: tool.name })}
        <span className="sr-only">{say(`step_${state}`)}</span>
      </summary>
      <dl className="grid gap-1 border-l-2 border-line py-1 pl-3">
        <dt>{say('toolAsked')}</dt>
        <dd className="font-mono text-small break-all whitespace-pre-wrap text-ink">
          {prettyJson(tool.argumentsJson)}
        </dd>
        {tool.preview !== null && (
          <>
            <dt>{say('toolAnswered')}</dt>
            <dd className="font-mono text-small break-all whitespace-pre-wrap text-ink">{tool.preview}</dd>
          </>
        )}
      </dl>
    </details>
  );
}

function StepMark({ state }: { readonly state: 'running' | 'done' | 'failed' }) {
  if (state === 'running')
    return <span aria-hidden="true" className="mx-1 size-1.5 animate-pulse rounded-full bg-data" />;
  return (
    <span className={state === 'done' ? 'text-good' : 'text-bad'}>
      <Icon name={state === 'done' ? 'check' : 'wrong'} size={14} />
    </span>
  );
}

/** JSON text set over lines where it is whole; as it is where a model left it cut. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
