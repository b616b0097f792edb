import type { ModelRow, ModelTestAnswer, Price } from '@myriad/contracts';
import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { useFormat } from '../../format/use-format.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { ConfirmByName } from '../../ui/dialog.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Card, Chip } from '../../ui/page.tsx';
import { sentenceOf } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { AttachDialog } from './attach-dialog.tsx';
import { modelsWords } from './words.ts';

/** Attached models: what each can, costs and does now; test, turn off, change, remove. */
export function ModelTable({ rows }: { readonly rows: readonly ModelRow[] }) {
  return (
    <Card flush>
      <ul>
        {rows.map((row) => (
          <Row key={row.endpoint.id} row={row} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ row }: { readonly row: ModelRow }) {
  const say = useWords(modelsWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  const { endpoint, status } = row;
  const [test, setTest] = useState<ModelTestAnswer | null>(null);
  const [removing, setRemoving] = useState(false);
  const [changing, setChanging] = useState(false);
  const ask = useSend('POST /api/models/:id/test');
  const change = useSend('PATCH /api/models/:id', ['GET /api/models']);
  const remove = useSend('DELETE /api/models/:id', ['GET /api/models']);
  const params = { id: endpoint.id };
  const onError = (error: unknown) => tell(sentenceOf(error));
  const fixed = row.source === 'builtin' || row.source === 'config';
  const facts = [
    ...(row.source === 'builtin' ? [say('builtin')] : [endpoint.provider]),
    ...(row.source === 'builtin' ? [] : [row.hasKey ? say('keySet', { source: row.keySource ?? '' }) : say('noKey')]),
    ...(status
      ? [
          `${say('load')} ${status.inFlight} / ${status.limit}`,
          ...(status.circuit === 'closed' ? [] : [say(`circuit_${status.circuit}`)]),
          ...(status.firstTokenMs === null ? [] : [say('firstToken', { time: format.duration(status.firstTokenMs) })]),
        ]
      : []),
  ];
  return (
    <li className="grid gap-1.5 border-b border-hair px-[18px] py-3 last:border-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <p className="flex flex-wrap items-center gap-2">
            <span className="font-medium break-all">{endpoint.name}</span>
            <Chip tone={!endpoint.enabled ? 'idle' : status?.circuit === 'open' ? 'bad' : 'good'}>
              {say(endpoint.enabled ? 'on' : 'off')}
            </Chip>
          </p>
          <p className="text-small text-soft">{facts.join(' · ')}</p>
        </div>
        <p className="basis-48 text-small text-soft">
          {endpoint.capabilities.filter((each) => each !== 'chat').join(' · ') || 'chat'}
        </p>
        <p className="basis-40 text-small">
          <PriceText price={endpoint.price} />
        </p>
        <span className="flex items-center gap-1">
          <Button busy={ask.isPending} onClick={() => ask.mutate({ params }, { onSuccess: setTest, onError })}>
            {say(ask.isPending ? 'testing' : 'test')}
          </Button>
          <Menu
            trigger={<IconButton icon="more" label={say('more', { name: endpoint.name })} />}
            items={[
              {
                key: 'toggle',
                label: say(endpoint.enabled ? 'disable' : 'enable'),
                onSelect: () => change.mutate({ params, body: { enabled: !endpoint.enabled } }, { onError }),
              },
              { key: 'settings', label: say('settings'), disabled: fixed, onSelect: () => setChanging(true) },
              null,
              {
                key: 'remove',
                label: sayCommon('remove'),
                danger: true,
                disabled: fixed,
                onSelect: () => setRemoving(true),
              },
            ]}
          />
        </span>
      </div>
      {test && (
        <p role="status" className={test.ok ? 'text-good' : 'text-bad'}>
          {say('tested', { message: test.message, time: format.duration(test.tookMs) })}
        </p>
      )}
      {changing && <AttachDialog start={{ row }} onClose={() => setChanging(false)} />}
      <ConfirmByName
        open={removing}
        onClose={() => setRemoving(false)}
        title={sayCommon('remove')}
        consequence={endpoint.name}
        name={endpoint.name}
        action={sayCommon('remove')}
        onConfirm={() => remove.mutate({ params }, { onSuccess: () => tell(say('removed')), onError })}
      />
    </li>
  );
}

function PriceText({ price }: { readonly price: Price | null }) {
  const say = useWords(modelsWords);
  const sayCommon = useWords(common);
  const format = useFormat();
  if (!price) return <span className="text-soft">{sayCommon('unpriced')}</span>;
  return (
    <span title={say('priceFrom', { source: price.source, date: price.date })}>
      {format.money(price.inputMicrosPerMillion, price.currency)} /{' '}
      {format.money(price.outputMicrosPerMillion, price.currency)}
    </span>
  );
}
