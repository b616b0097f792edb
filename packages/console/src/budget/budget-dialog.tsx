import type { Budget } from '@myriad/contracts';
import { useId, useState } from 'react';
import { useSend } from '../api/use-api.ts';
import { useReader } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { budgetWords } from './words.ts';

const periods = ['hour', 'day', 'week', 'month', 'total'] as const;
const exceeds = ['refuse', 'downgrade', 'queue'] as const;

/** Sets or changes the limit of a scope. */
export function BudgetDialog({
  open,
  onClose,
  scope,
  name,
  budget,
}: {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly scope: string;
  readonly name: string;
  readonly budget: Budget | null;
}) {
  const say = useWords(budgetWords);
  const sayCommon = useWords(common);
  const { node } = useReader();
  const formId = useId();
  const put = useSend('PUT /api/budgets/:scope', ['GET /api/budgets', 'GET /api/apps/:app']);
  const [amount, setAmount] = useState(budget ? String(budget.limitMicros / 1_000_000) : '');
  const [currency, setCurrency] = useState(budget?.currency ?? node.currency);
  const [period, setPeriod] = useState<Budget['period']>(budget?.period ?? 'day');
  const [onExceed, setOnExceed] = useState<Budget['onExceed']>(budget?.onExceed ?? 'refuse');
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={say('title', { name })}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId} busy={put.isPending}>
            {sayCommon('save')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const limitMicros = Math.round(Number(amount) * 1_000_000);
          put.mutate(
            { params: { scope }, body: { limitMicros, currency: currency.trim().toUpperCase(), period, onExceed } },
            { onSuccess: onClose },
          );
        }}
      >
        <div className="grid grid-cols-2 gap-3">
          <TextField
            label={say('amount')}
            type="number"
            required
            min={0}
            step="any"
            inputMode="decimal"
            value={amount}
            onChange={(event) => setAmount(event.target.value)}
          />
          <TextField
            label={say('currency')}
            required
            pattern="[A-Za-z]{3}"
            maxLength={3}
            value={currency}
            onChange={(event) => setCurrency(event.target.value)}
          />
        </div>
        <SelectField
          label={say('period')}
          value={period}
          onChange={(event) => setPeriod(event.target.value as Budget['period'])}
          options={periods.map((value) => ({ value, label: sayCommon(`period_${value}`) }))}
        />
        <SelectField
          label={say('onExceed')}
          value={onExceed}
          onChange={(event) => setOnExceed(event.target.value as Budget['onExceed'])}
          options={exceeds.map((value) => ({ value, label: say(`exceed_${value}`) }))}
        />
        <ProblemNote error={put.error} />
      </form>
    </Dialog>
  );
}
