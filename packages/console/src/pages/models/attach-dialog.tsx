import type { ModelRow, ModelTestAnswer, Price, ProviderRow } from '@myriad/contracts';
import { useId, useState } from 'react';
import { useApi, useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { useReader } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { modelsWords } from './words.ts';

/** Where the dialog begins: empty, with a server that was found, or with a model to change. */
export interface AttachStart {
  readonly provider?: string;
  readonly model?: string;
  readonly baseUrl?: string;
  readonly row?: ModelRow;
}

interface Form {
  readonly provider: string;
  readonly model: string;
  readonly key: string;
  readonly baseUrl: string;
  readonly concurrency: string;
  readonly currency: string;
  readonly input: string;
  readonly output: string;
}

const microsOf = (text: string) => Math.round(Number(text) * 1_000_000);
const textOf = (micros: number | undefined) => (micros === undefined ? '' : String(micros / 1_000_000));

/** Attaches a model, or changes one, and tests it at once with a real call. */
export function AttachDialog({ start, onClose }: { readonly start: AttachStart; readonly onClose: () => void }) {
  const say = useWords(modelsWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const { node } = useReader();
  const formId = useId();
  const listId = useId();
  const { row } = start;
  const providers = useApi('GET /api/providers', {}, { staleTime: 600_000 });
  const refresh = ['GET /api/models'] as const;
  const attach = useSend('POST /api/models', refresh);
  const change = useSend('PATCH /api/models/:id', refresh);
  const ask = useSend('POST /api/models/:id/test');
  const [test, setTest] = useState<ModelTestAnswer | null>(null);
  const [form, setForm] = useState<Form>({
    provider: row?.endpoint.provider ?? start.provider ?? '',
    model: row?.endpoint.upstreamModel ?? start.model ?? '',
    key: '',
    baseUrl: row?.endpoint.baseUrl ?? start.baseUrl ?? '',
    concurrency: String(row?.endpoint.concurrency ?? 8),
    currency: row?.endpoint.price?.currency ?? node.currency,
    input: textOf(row?.endpoint.price?.inputMicrosPerMillion),
    output: textOf(row?.endpoint.price?.outputMicrosPerMillion),
  });
  const set = (field: keyof Form) => (event: { target: { value: string } }) =>
    setForm((before) => ({ ...before, [field]: event.target.value }));
  const items = providers.data?.items ?? [];
  const provider: ProviderRow | undefined =
    items.find(({ id }) => id === form.provider) ?? (form.provider === '' ? items[0] : undefined);
  const price: Price | null =
    form.input === '' || form.output === ''
      ? null
      : {
          currency: form.currency.trim().toUpperCase(),
          inputMicrosPerMillion: microsOf(form.input),
          outputMicrosPerMillion: microsOf(form.output),
          source: 'entered in the console',
          date: new Date().toISOString().slice(0, 10),
        };
  const submit = () => {
    const shared = {
      ...(form.key === '' ? {} : { key: form.key.trim() }),
      ...(form.baseUrl === '' ? {} : { baseUrl: form.baseUrl.trim() }),
      concurrency: Number(form.concurrency),
      ...(price || row ? { price } : {}),
    };
    const onSuccess = ({ endpoint }: ModelRow) => {
      setForm((before) => ({ ...before, key: '' }));
      ask.mutate({ params: { id: endpoint.id } }, { onSuccess: setTest });
    };
    if (row) change.mutate({ params: { id: row.endpoint.id }, body: shared }, { onSuccess });
    else
      attach.mutate(
        { body: { provider: provider?.id ?? form.provider, model: form.model.trim(), ...shared } },
        { onSuccess },
      );
  };
  const done = test !== null && (attach.isSuccess || change.isSuccess);
  return (
    <Dialog
      open
      onClose={onClose}
      title={row ? row.endpoint.name : say('attach')}
      footer={
        done ? (
          <Button look="primary" onClick={onClose}>
            {sayCommon('close')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>{sayCommon('cancel')}</Button>
            <Button
              look="primary"
              type="submit"
              form={formId}
              busy={attach.isPending || change.isPending || ask.isPending}
            >
              {ask.isPending ? say('testing') : say('attachAndTest')}
            </Button>
          </>
        )
      }
    >
      <form
        id={formId}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {!row && (
          <>
            <SelectField
              label={say('provider')}
              value={provider?.id ?? form.provider}
              onChange={(event) =>
                setForm((before) => ({ ...before, provider: event.target.value, baseUrl: '', model: '' }))
              }
              options={
                provider || form.provider === ''
                  ? items.map(({ id, title }) => ({ value: id, label: title }))
                  : [
                      { value: form.provider, label: form.provider },
                      ...items.map(({ id, title }) => ({ value: id, label: title })),
                    ]
              }
            />
            <TextField
              label={say('model')}
              hint={say('modelHint')}
              required
              list={listId}
              value={form.model}
              onChange={set('model')}
              autoComplete="off"
            />
            <datalist id={listId}>
              {provider?.models.map(({ name }) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </>
        )}
        <TextField
          label={say('key')}
          hint={
            <>
              {say(provider?.needsKey === false ? 'keyNone' : 'keyHint')}{' '}
              {provider?.keyUrl && (
                <a className="text-data underline" href={provider.keyUrl} target="_blank" rel="noopener noreferrer">
                  {say('keyWhere')}
                </a>
              )}
            </>
          }
          type="password"
          autoComplete="off"
          value={form.key}
          onChange={set('key')}
        />
        <details open={row !== undefined || start.baseUrl !== undefined || provider?.needsKey === false}>
          <summary className="min-h-8 text-soft">{say('advanced')}</summary>
          <div className="grid gap-3 pt-1">
            <TextField
              label={say('address')}
              type="url"
              placeholder={provider?.baseUrl ?? ''}
              value={form.baseUrl}
              onChange={set('baseUrl')}
            />
            <TextField
              label={say('concurrency')}
              type="number"
              min={1}
              max={10_000}
              value={form.concurrency}
              onChange={set('concurrency')}
            />
            <fieldset className="grid grid-cols-3 gap-3">
              <legend className="mb-1 text-small text-soft">
                {say('priceOptional')}. {say('priceHint')}
              </legend>
              <TextField
                label={say('inputPrice')}
                type="number"
                min={0}
                step="any"
                value={form.input}
                onChange={set('input')}
              />
              <TextField
                label={say('outputPrice')}
                type="number"
                min={0}
                step="any"
                value={form.output}
                onChange={set('output')}
              />
              <TextField label={say('currency')} maxLength={3} value={form.currency} onChange={set('currency')} />
            </fieldset>
          </div>
        </details>
        <ProblemNote error={attach.error ?? change.error ?? ask.error} />
        {test && (
          <p role="status" className={test.ok ? 'text-good' : 'text-bad'}>
            {say('tested', { message: test.message, time: format.duration(test.tookMs) })}
          </p>
        )}
      </form>
    </Dialog>
  );
}
