import type { KpiDefinition } from '@myriad/contracts';
import { type ChangeEvent, useId, useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CheckField, SelectField, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { draftOf, type KpiDraft, registrationOf } from './registration-draft.ts';
import { kpiWords } from './words.ts';

const types = ['mean', 'count', 'proportion', 'ratio', 'quantile'] as const;

/** Defines a KPI, or makes the next version of one. */
export function KpiDialog({ kpi, onClose }: { readonly kpi: KpiDefinition | null; readonly onClose: () => void }) {
  const say = useWords(kpiWords);
  const sayCommon = useWords(common);
  const { node, person } = useReader();
  const formId = useId();
  const [draft, setDraft] = useState(() => draftOf(kpi, node.currency, person.email ?? person.name));
  const [restart, setRestart] = useState(false);
  const save = useSend('PUT /api/kpis/:name', ['GET /api/kpis', 'GET /api/kpis/:name', 'GET /api/cockpit/portfolio']);
  const field = (key: keyof KpiDraft) => ({
    value: draft[key],
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
      setDraft((before) => ({ ...before, [key]: event.target.value })),
  });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={kpi ? `${say('change')}: ${kpi.name}` : say('define')}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId} busy={save.isPending}>
            {sayCommon('save')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-3 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(
            { params: { name: draft.name }, body: { ...registrationOf(draft), ...(restart ? { restart } : {}) } },
            {
              onSuccess: (saved) => {
                tell(say('saved', { name: saved.name, version: saved.version }));
                onClose();
              },
            },
          );
        }}
      >
        <TextField label={say('technical')} required readOnly={kpi !== null} {...field('name')} />
        <TextField label={say('unit')} required {...field('unit')} />
        <TextField label={say('titleEn')} {...field('titleEn')} />
        <TextField label={say('titleZh')} {...field('titleZh')} />
        <SelectField
          label={say('type')}
          options={types.map((value) => ({ value, label: say(`type_${value}`) }))}
          {...field('type')}
        />
        <SelectField
          label={say('direction')}
          options={(['increase', 'decrease'] as const).map((value) => ({ value, label: say(value) }))}
          {...field('direction')}
        />
        {draft.type === 'ratio' && <TextField label={say('denominator')} required {...field('denominator')} />}
        {draft.type === 'quantile' && (
          <TextField
            label={say('quantile')}
            hint={say('quantileHint')}
            type="number"
            min={0.01}
            max={0.99}
            step="any"
            required
            {...field('quantile')}
          />
        )}
        <TextField label={say('window')} type="number" min={0.01} step="any" required {...field('windowDays')} />
        {draft.type !== 'quantile' && (
          <>
            <TextField
              label={say('worth')}
              hint={say('optional')}
              type="number"
              min={0}
              step="any"
              {...field('worth')}
            />
            <TextField label={say('currency')} maxLength={3} {...field('currency')} />
          </>
        )}
        <TextField label={say('cap')} hint={say('optional')} type="number" step="any" {...field('cap')} />
        {draft.type !== 'quantile' && (
          <TextField
            label={say('history')}
            hint={say('optional')}
            type="number"
            min={0}
            step="any"
            {...field('historyDays')}
          />
        )}
        <TextField label={say('owner')} hint={say('ownerHint')} {...field('owner')} />
        <SelectField
          label={say('role')}
          options={(['goal', 'guardrail'] as const).map((value) => ({ value, label: say(`role_${value}`) }))}
          {...field('role')}
        />
        {kpi?.frozenAt && (
          <CheckField label={say('restart')} checked={restart} onChange={(event) => setRestart(event.target.checked)} />
        )}
      </form>
      <ProblemNote error={save.error} />
      {kpi && <Versions name={kpi.name} />}
    </Dialog>
  );
}

function Versions({ name }: { readonly name: string }) {
  const say = useWords(kpiWords);
  const format = useFormat();
  const detail = useApi('GET /api/kpis/:name', { params: { name } });
  if (!detail.data) return <ProblemNote error={detail.error} />;
  return (
    <section className="mt-4 border-t border-hair pt-3">
      <h3 className="text-[13px] font-semibold">{say('versions')}</h3>
      {detail.data.apps.length > 0 && (
        <p className="text-soft">{say('usedBy', { apps: detail.data.apps.join(', ') })}</p>
      )}
      <ul className="grid gap-0.5">
        {detail.data.versions.map(({ version, changedAt, changedBy }) => (
          <li key={version}>
            {say('version', { version })} · <time className="text-soft">{format.time(changedAt)}</time> · {changedBy}
          </li>
        ))}
      </ul>
    </section>
  );
}
