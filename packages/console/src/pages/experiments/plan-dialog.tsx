import type { ExperimentPlanAnswer, ExperimentRequest } from '@myriad/contracts';
import { useId, useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { decisionRoutes } from '../../cockpit/decision-list.tsx';
import { useRound } from '../../cockpit/use-round.ts';
import { useFormat } from '../../format/use-format.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { CheckField, SelectField, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { useLanguage } from '../../words/language.ts';
import { planWords } from './plan-words.ts';

export const experimentRoutes = ['GET /api/experiments', 'GET /api/cockpit/experiments', ...decisionRoutes] as const;

interface Form {
  readonly app: string;
  readonly kpi: string;
  readonly control: string;
  readonly treatment: string;
  readonly controlVersion: string;
  readonly treatmentVersion: string;
  readonly controlModel: string;
  readonly treatmentModel: string;
  readonly share: string;
  readonly guardrails: readonly string[];
  readonly goal: string;
  readonly mean: string;
  readonly spread: string;
  readonly perDay: string;
}

const first: Form = {
  ...{ app: '', kpi: '', control: 'none', treatment: 'current', controlVersion: '1', treatmentVersion: '1' },
  ...{ controlModel: '', treatmentModel: '', share: '50', guardrails: [], goal: '5', mean: '', spread: '', perDay: '' },
};

/** Says how long an experiment would take and what stands in its way; then starts it. */
export function PlanDialog({ onClose }: { readonly onClose: () => void }) {
  const say = useWords(planWords);
  const sayCommon = useWords(common);
  const formId = useId();
  const apps = useApi('GET /api/apps', { query: { limit: '200' } as never });
  const kpis = useApi('GET /api/kpis');
  const models = useApi('GET /api/models');
  const [form, setForm] = useState(first);
  const plan = useSend('POST /api/experiments/plan');
  const start = useSend('POST /api/experiments', experimentRoutes);
  const change = (patch: Partial<Form>) => {
    setForm((before) => ({ ...before, ...patch }));
    // a plan of other figures would mislead
    plan.reset();
  };
  const set = (field: keyof Form) => (event: { target: { value: string } }) => change({ [field]: event.target.value });
  const names = (apps.data?.items ?? []).filter(({ status }) => status === 'published').map(({ name }) => name);
  const app = form.app || (names[0] ?? '');
  const kpiNames = (kpis.data?.items ?? []).filter(({ sample }) => !sample);
  const guards = kpiNames.filter(({ name }) => name !== form.kpi);
  const modelNames = (models.data?.models ?? [])
    .filter(({ endpoint }) => endpoint.enabled && endpoint.capabilities.includes('chat'))
    .map(({ endpoint }) => endpoint.name);
  const request = requestOf({ ...form, app }, modelNames);
  const sound = plan.data !== undefined && plan.data.problems.length === 0;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={say('title')}
      description={say('under')}
      footer={
        <>
          <Button type="submit" form={formId} look={sound ? 'quiet' : 'primary'} busy={plan.isPending}>
            {say('plan')}
          </Button>
          <Button
            look="primary"
            disabled={!sound}
            busy={start.isPending}
            onClick={() =>
              start.mutate(
                { body: request },
                {
                  onSuccess: () => {
                    tell(say('started', { app }));
                    onClose();
                  },
                },
              )
            }
          >
            {say('start')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-3 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          plan.mutate({ body: request });
        }}
      >
        <SelectField
          label={say('app')}
          value={app}
          onChange={set('app')}
          options={names.map((name) => ({ value: name, label: name }))}
        />
        <SelectField
          label={say('kpi')}
          value={form.kpi}
          onChange={set('kpi')}
          options={[{ value: '', label: say('ownKpi') }, ...kpiNames.map(({ name }) => ({ value: name, label: name }))]}
        />
        {(['control', 'treatment'] as const).map((arm) => (
          <div key={arm} className="grid content-start gap-3">
            <SelectField
              label={say(arm)}
              value={form[arm]}
              onChange={set(arm)}
              options={(arm === 'control'
                ? (['none', 'model', 'current', 'version', 'base'] as const)
                : (['current', 'version', 'base'] as const)
              ).map((value) => ({ value, label: say(`arm_${value}`) }))}
            />
            {form[arm] === 'version' && (
              <TextField
                label={say('version')}
                type="number"
                min={1}
                required
                value={form[`${arm}Version`]}
                onChange={set(`${arm}Version`)}
              />
            )}
            {form[arm] === 'base' && (
              <SelectField
                label={say('base')}
                value={form[`${arm}Model`] || (modelNames[0] ?? '')}
                onChange={set(`${arm}Model`)}
                options={modelNames.map((value) => ({ value, label: value }))}
              />
            )}
          </div>
        ))}
        <div className="self-start">
          <TextField
            label={say('share')}
            type="number"
            min={1}
            max={99}
            required
            value={form.share}
            onChange={set('share')}
          />
        </div>
        <TextField
          label={say('goal')}
          hint={say('goalHint')}
          type="number"
          min={0.1}
          step="any"
          required
          value={form.goal}
          onChange={set('goal')}
        />
        <fieldset className="grid gap-1 sm:col-span-2">
          <legend className="text-small font-medium text-soft">{say('guardrails')}</legend>
          {guards.length === 0 && <p className="text-small text-soft">{say('noGuardrails')}</p>}
          {guards.map(({ name }) => (
            <CheckField
              key={name}
              label={name}
              checked={form.guardrails.includes(name)}
              onChange={(event) =>
                change({
                  guardrails: event.target.checked
                    ? [...form.guardrails, name]
                    : form.guardrails.filter((each) => each !== name),
                })
              }
            />
          ))}
        </fieldset>
        <details className="sm:col-span-2">
          <summary className="min-h-8 text-soft">{say('expected')}</summary>
          <div className="grid gap-3 pt-1 sm:grid-cols-3">
            <TextField label={say('mean')} type="number" step="any" value={form.mean} onChange={set('mean')} />
            <TextField label={say('spread')} type="number" step="any" value={form.spread} onChange={set('spread')} />
            <TextField label={say('perDay')} type="number" min={1} value={form.perDay} onChange={set('perDay')} />
          </div>
        </details>
      </form>
      <div className="mt-3 grid gap-2">
        <ProblemNote error={plan.error ?? start.error ?? apps.error} />
        {plan.data && <PlanSaid plan={plan.data} />}
        {names.length === 0 && apps.data && <p className="text-soft">{say('noApps')}</p>}
        {apps.isPending && <p className="text-soft">{sayCommon('loading')}</p>}
      </div>
    </Dialog>
  );
}

function PlanSaid({ plan }: { readonly plan: ExperimentPlanAnswer }) {
  const say = useWords(planWords);
  const language = useLanguage();
  const round = useRound();
  const format = useFormat();
  return (
    <section aria-live="polite" className="grid gap-2 rounded-control border border-line p-3">
      {plan.problems.map((problem) => (
        <p key={problem.en} className="text-bad">
          {problem[language]}
        </p>
      ))}
      {plan.warnings.map((warning) => (
        <p key={warning.en} className="text-soft">
          {warning[language]}
        </p>
      ))}
      {plan.unitsNeeded !== null && (
        <p className="font-medium">
          {say('takes', {
            time: round.wait(plan.timeToVerdictMs),
            units: format.number(Math.round(plan.unitsNeeded)),
            goal: round.percent(plan.goalRatio),
          })}
        </p>
      )}
      {plan.weeks.length > 0 && (
        <table className="w-full text-small">
          <caption className="pb-1 text-left text-soft">{say('power')}</caption>
          <thead>
            <tr className="text-left text-soft">
              <th scope="col">{say('week')}</th>
              <th scope="col">{say('chance')}</th>
              <th scope="col">{say('least')}</th>
            </tr>
          </thead>
          <tbody>
            {plan.weeks
              .filter(({ week }) => [1, 2, 4, 8, 12].includes(week))
              .map(({ week, power, leastEffect }) => (
                <tr key={week} className="tabular-nums">
                  <td>{week}</td>
                  <td>{round.percent(power)}</td>
                  <td>{leastEffect === null ? '—' : round.percent(leastEffect)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** The form as a request: shares and goals are typed as percent. */
function requestOf(form: Form, modelNames: readonly string[]): ExperimentRequest {
  const arm = (kind: string, version: string, model: string) =>
    kind === 'version' ? `version:${version}` : kind === 'base' ? `base:${model || (modelNames[0] ?? '')}` : kind;
  const number = (text: string) => (text.trim() === '' ? undefined : Number(text));
  const optional = {
    kpi: form.kpi === '' ? undefined : form.kpi,
    mean: number(form.mean),
    standardDeviation: number(form.spread),
    unitsPerDay: number(form.perDay),
  };
  return {
    app: form.app,
    control: arm(form.control, form.controlVersion, form.controlModel),
    treatment: arm(form.treatment, form.treatmentVersion, form.treatmentModel),
    controlRatio: Number(form.share) / 100,
    goalRatio: Number(form.goal) / 100,
    guardrails: form.guardrails,
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as Partial<
      Pick<ExperimentRequest, 'kpi' | 'mean' | 'standardDeviation' | 'unitsPerDay'>
    >),
  };
}
