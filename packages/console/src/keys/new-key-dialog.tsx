import type { KeyScope } from '@myriad/contracts';
import { useId, useState } from 'react';
import { useSend } from '../api/use-api.ts';
import { parsePrincipals } from '../knowledge/parse-principals.ts';
import { useReader } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { CodeSample } from '../ui/code-sample.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { CheckField, SelectField, TextField } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { keyWords } from './words.ts';

const dayMs = 86_400_000;
const readerScopes: readonly KeyScope[] = ['runs:write', 'runs:read', 'kpi:write', 'drive'];
const builderScopes: readonly KeyScope[] = [...readerScopes, 'knowledge:write', 'apps:write', 'admin'];

/** Makes a key and shows its secret once. */
export function NewKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const say = useWords(keyWords);
  const sayCommon = useWords(common);
  const { may } = useReader();
  const formId = useId();
  const create = useSend('POST /api/keys', ['GET /api/keys']);
  const [name, setName] = useState('');
  const [apps, setApps] = useState('');
  const [days, setDays] = useState('90');
  const [scopes, setScopes] = useState<readonly KeyScope[]>(['runs:write']);
  const offered = may.includes('build') ? builderScopes : readerScopes;
  if (create.data) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={say('once')}
        description={say('onceUnder')}
        footer={
          <Button look="primary" onClick={onClose}>
            {sayCommon('close')}
          </Button>
        }
      >
        <CodeSample title={say('key')} code={create.data.secret} />
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('new')}
      footer={
        <>
          <Button onClick={onClose}>{sayCommon('cancel')}</Button>
          <Button look="primary" type="submit" form={formId} busy={create.isPending} disabled={scopes.length === 0}>
            {say('create')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const only = parsePrincipals(apps);
          create.mutate({
            body: {
              name: name.trim(),
              scopes,
              ...(only.length > 0 ? { apps: only } : {}),
              expiresAt: days === 'never' ? null : Date.now() + Number(days) * dayMs,
            },
          });
        }}
      >
        <TextField
          label={say('name')}
          hint={say('nameHint')}
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset className="grid gap-1.5">
          <legend className="mb-1 text-small font-medium text-soft">{say('scopes')}</legend>
          {offered.map((scope) => (
            <CheckField
              key={scope}
              label={say(`scope_${scope}`)}
              checked={scopes.includes(scope)}
              onChange={(event) =>
                setScopes((before) =>
                  event.target.checked ? [...before, scope] : before.filter((each) => each !== scope),
                )
              }
            />
          ))}
        </fieldset>
        <TextField
          label={say('apps')}
          hint={say('appsHint')}
          value={apps}
          onChange={(event) => setApps(event.target.value)}
        />
        <SelectField
          label={say('expires')}
          value={days}
          onChange={(event) => setDays(event.target.value)}
          options={(['30', '90', '365', 'never'] as const).map((value) => ({ value, label: say(`expires_${value}`) }))}
        />
        <ProblemNote error={create.error} />
      </form>
    </Dialog>
  );
}
