import { useSend } from '../api/use-api.ts';
import { Button } from '../ui/button.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useWords } from '../words/define-words.ts';
import { prettyJson } from './answer-steps.tsx';
import type { LiveApproval } from './live-answer.ts';
import { chatWords } from './words.ts';

/** Asks the reader before a tool that needs a person's word may run. */
export function ApprovalCard({ approval }: { readonly approval: LiveApproval }) {
  const say = useWords(chatWords);
  const decide = useSend('POST /api/approvals/:id');
  const send = (decision: 'approved' | 'denied') =>
    decide.mutate({ params: { id: approval.approvalId }, body: { decision } });
  if (decide.isSuccess) return null;
  return (
    <section
      role="alertdialog"
      aria-label={say('approvalTitle', { name: approval.name })}
      className="grid gap-2 rounded-card border border-decide bg-card p-4"
    >
      <p className="font-semibold">{say('approvalTitle', { name: approval.name })}</p>
      <p className="text-soft">{say('approvalUnder')}</p>
      <pre className="scrollbar-quiet max-h-48 overflow-auto rounded-[8px] bg-paper p-3 font-mono text-small break-all whitespace-pre-wrap">
        {prettyJson(approval.argumentsJson)}
      </pre>
      <ProblemNote error={decide.error} />
      <div className="flex gap-2">
        <Button look="primary" busy={decide.isPending} onClick={() => send('approved')}>
          {say('approve')}
        </Button>
        <Button busy={decide.isPending} onClick={() => send('denied')}>
          {say('deny')}
        </Button>
      </div>
    </section>
  );
}
