import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { minimumPasswordLength, realEmail } from '../../session/credential-form.tsx';
import { useReader, useTakeSession } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { tell } from '../../ui/toast.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { settingsWords } from './words.ts';

export function ProfileCard() {
  const say = useWords(settingsWords);
  const sayCommon = useWords(common);
  const { person, needsCredential } = useReader();
  const take = useTakeSession();
  const change = useSend('PATCH /api/me');
  const [name, setName] = useState(person.name);
  const known = realEmail(person.email);
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const newName = name.trim() !== person.name;
  const newEmail = email.trim() !== known;
  // The address opens the door, so it is changed only by somebody who can open it; a name is not.
  const asksPassword = newEmail && !needsCredential;
  return (
    <Card title={say('profile')}>
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            {
              body: {
                ...(newName ? { name: name.trim() } : {}),
                ...(newEmail ? { email: email.trim() } : {}),
                ...(asksPassword ? { currentPassword: password } : {}),
              },
            },
            {
              onSuccess: (session) => {
                take(session);
                setPassword('');
                tell(sayCommon('saved'));
              },
            },
          );
        }}
      >
        <TextField
          label={say('name')}
          required
          autoComplete="name"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={say('email')}
          type="email"
          required={known !== ''}
          autoComplete="email"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        {asksPassword && (
          <TextField
            label={say('currentPassword')}
            type="password"
            required
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
        <ProblemNote error={change.error} />
        <div>
          <Button
            type="submit"
            busy={change.isPending}
            disabled={name === person.name && email === realEmail(person.email)}
          >
            {sayCommon('save')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

export function PasswordCard() {
  const say = useWords(settingsWords);
  const { needsCredential } = useReader();
  const take = useTakeSession();
  const change = useSend('PATCH /api/me');
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  return (
    <Card title={say('password')}>
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate(
            { body: { password, ...(needsCredential ? {} : { currentPassword: current }) } },
            {
              onSuccess: (session) => {
                take(session);
                setCurrent('');
                setPassword('');
                tell(say('passwordChanged'));
              },
            },
          );
        }}
      >
        {!needsCredential && (
          <TextField
            label={say('currentPassword')}
            type="password"
            required
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        )}
        <TextField
          label={say('newPassword')}
          hint={say('newPasswordHint', { count: minimumPasswordLength })}
          type="password"
          required
          minLength={minimumPasswordLength}
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <ProblemNote error={change.error} />
        <div>
          <Button type="submit" busy={change.isPending}>
            {say('changePassword')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
