import type { DriveNodeAnswer, DriveRole, SharingAnswer } from '@myriad/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi, useSend } from '../api/use-api.ts';
import { useFormat } from '../format/use-format.ts';
import { driveWords } from '../pages/drive/words.ts';
import { useReader } from '../session/use-session.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Waiting } from '../ui/page.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { refreshDrive } from './refresh-drive.ts';

const dayMs = 86_400_000;

/** Who else may see a file or folder: people and groups, and links. */
export function ShareDialog({ node, onClose }: { readonly node: DriveNodeAnswer; readonly onClose: () => void }) {
  const say = useWords(driveWords);
  const sayCommon = useWords(common);
  const params = { id: node.id };
  const sharing = useApi('GET /api/drive/nodes/:id/sharing', { params });
  return (
    <Dialog open onClose={onClose} title={`${say('share')}: ${node.name}`}>
      {sharing.isPending && <Waiting label={sayCommon('loading')} />}
      <ProblemNote error={sharing.error} />
      {sharing.data && (
        <div className="grid gap-6">
          <People id={node.id} shares={sharing.data.shares} />
          <Links id={node.id} links={sharing.data.links} />
        </div>
      )}
    </Dialog>
  );
}

const heading = 'mb-2 text-small font-medium text-soft';

function People({ id, shares }: { readonly id: string; readonly shares: SharingAnswer['shares'] }) {
  const say = useWords(driveWords);
  const sayCommon = useWords(common);
  const queries = useQueryClient();
  const { may } = useReader();
  const people = useApi(
    'GET /api/people',
    { query: { limit: '500' } },
    { enabled: may.includes('people'), retry: false },
  );
  const change = useSend('PUT /api/drive/nodes/:id/shares');
  const [wanted, setWanted] = useState('');
  const [role, setRole] = useState<DriveRole>('viewer');
  const known = new Map(
    (people.data?.items ?? []).map((person) => [`person:${person.id}`, person.name || person.email]),
  );
  const groups = new Set((people.data?.items ?? []).flatMap((person) => person.groups));
  const nameOf = (principal: string) =>
    principal === 'everyone' ? say('everyone') : (known.get(principal) ?? principal.replace(/^(group|person):/, ''));
  /** What was typed may be a name from the list, or already a principal. */
  const principalOf = (text: string) =>
    [...known].find(([, name]) => name === text)?.[0] ??
    (text === say('everyone') ? 'everyone' : groups.has(text) ? `group:${text}` : text);
  const set = (principal: string, next: DriveRole | null) =>
    change.mutate(
      { params: { id }, body: { principal, role: next } },
      {
        onSuccess: () => {
          setWanted('');
          void refreshDrive(queries);
        },
      },
    );
  return (
    <section>
      <h3 className={heading}>{say('people')}</h3>
      {shares.length === 0 && <p className="mb-2 text-soft">{say('notShared')}</p>}
      <ul className="mb-3 grid">
        {shares.map(({ principal, role: current, inheritedFrom, id: shareId }) => (
          <li key={shareId} className="flex items-center gap-2 border-b border-hair py-1.5 last:border-0">
            <div className="min-w-0 flex-1">
              <p className="truncate">{nameOf(principal)}</p>
              <p className="text-small text-soft">
                {say(current)}
                {inheritedFrom && ` · ${say('inherited', { name: inheritedFrom.name || '/' })}`}
              </p>
            </div>
            {!inheritedFrom && (
              <IconButton
                icon="close"
                label={say('unshare', { name: nameOf(principal) })}
                onClick={() => set(principal, null)}
              />
            )}
          </li>
        ))}
      </ul>
      <form
        className="grid items-end gap-2 sm:grid-cols-[minmax(0,1fr)_130px_auto]"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted.trim() !== '') set(principalOf(wanted.trim()), role);
        }}
      >
        <TextField
          label={say('addPerson')}
          placeholder={say('peopleHint')}
          list="drive-people"
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
        <datalist id="drive-people">
          <option value={say('everyone')} />
          {[...groups].map((group) => (
            <option key={group} value={group} />
          ))}
          {[...known.values()].map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <SelectField
          label={say('role')}
          value={role}
          onChange={(event) => setRole(event.target.value as DriveRole)}
          options={[
            { value: 'viewer', label: say('viewer') },
            { value: 'editor', label: say('editor') },
          ]}
        />
        <Button type="submit" look="primary" busy={change.isPending} className="min-h-9">
          {sayCommon('add')}
        </Button>
      </form>
      {change.error && (
        <div className="mt-2">
          <ProblemNote error={change.error} />
        </div>
      )}
    </section>
  );
}

function Links({ id, links }: { readonly id: string; readonly links: SharingAnswer['links'] }) {
  const say = useWords(driveWords);
  const format = useFormat();
  const [password, setPassword] = useState('');
  const [days, setDays] = useState('7');
  const [most, setMost] = useState('');
  const make = useSend('POST /api/drive/nodes/:id/links', ['GET /api/drive/nodes/:id/sharing']);
  const revoke = useSend('DELETE /api/drive/links/:id', ['GET /api/drive/nodes/:id/sharing']);
  return (
    <section>
      <h3 className={heading}>{say('links')}</h3>
      <p className="mb-2 text-soft">{say('linksUnder')}</p>
      {make.data?.url && (
        <div className="mb-3 rounded-card border border-line bg-paper p-3">
          <p className="mb-1 text-small text-soft">{say('linkOnce')}</p>
          <div className="flex items-center gap-2">
            <code className="min-w-0 flex-1 font-mono text-small break-all">{make.data.url}</code>
            <CopyButton read={() => make.data?.url ?? ''} />
          </div>
        </div>
      )}
      <ul className="mb-3 grid">
        {links.map((link) => (
          <li key={link.id} className="flex items-center gap-2 border-b border-hair py-1.5 last:border-0">
            <p className="min-w-0 flex-1 text-soft">
              {[
                say('linkFacts', {
                  count: link.maxDownloads === null ? link.downloads : `${link.downloads} / ${link.maxDownloads}`,
                }),
                link.hasPassword ? say('withPassword') : '',
                link.expiresAt === null ? '' : say('until', { time: format.time(link.expiresAt) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
            <IconButton icon="close" label={say('revoke')} onClick={() => revoke.mutate({ params: { id: link.id } })} />
          </li>
        ))}
      </ul>
      <form
        className="grid items-end gap-2 sm:grid-cols-3"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(
            {
              params: { id },
              body: {
                ...(password === '' ? {} : { password }),
                expiresAt: days === '' ? null : Date.now() + Number(days) * dayMs,
                maxDownloads: most === '' ? null : Number(most),
              },
            },
            { onSuccess: () => setPassword('') },
          );
        }}
      >
        <TextField
          label={say('password')}
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <SelectField
          label={say('expires')}
          value={days}
          onChange={(event) => setDays(event.target.value)}
          options={['1', '7', '30', ''].map((value) => ({
            value,
            label: say(`expires_${(value || 'never') as 'never'}`),
          }))}
        />
        <TextField
          label={say('downloads')}
          type="number"
          min={1}
          placeholder={say('unlimited')}
          value={most}
          onChange={(event) => setMost(event.target.value)}
        />
        <Button type="submit" busy={make.isPending} className="sm:col-span-3 sm:justify-self-start">
          {say('newLink')}
        </Button>
      </form>
      {make.error && (
        <div className="mt-2">
          <ProblemNote error={make.error} />
        </div>
      )}
    </section>
  );
}
