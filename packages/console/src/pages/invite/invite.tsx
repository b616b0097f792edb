import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { credentialWords, minimumPasswordLength } from '../../session/credential-form.tsx';
import { useTakeSession } from '../../session/use-session.ts';
import { OpenPage } from '../../shell/open-page.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/define-words.ts';
import { inviteWords } from './words.ts';

/** An invite's link: whoever holds it sets a name and a password and is in. The token never leaves the fragment. */
export default function InvitePage() {
  const say = useWords(inviteWords);
  const sayField = useWords(credentialWords);
  const navigate = useNavigate();
  const take = useTakeSession();
  const accept = useSend('POST /api/invites/accept');
  const [token] = useState(() => location.hash.slice(1));
  const [form, setForm] = useState({ name: '', email: '', password: '' });
  if (token === '') {
    return (
      <OpenPage sentence={say('missing')} under={say('missingUnder')}>
        {null}
      </OpenPage>
    );
  }
  const set = (field: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm((before) => ({ ...before, [field]: event.target.value }));
  return (
    <OpenPage sentence={say('sentence')} under={say('under')}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          accept.mutate(
            { body: { token, name: form.name.trim(), email: form.email.trim(), password: form.password } },
            {
              onSuccess: (session) => {
                take(session);
                void navigate({ to: '/', replace: true });
              },
            },
          );
        }}
      >
        <TextField label={sayField('name')} required autoComplete="name" value={form.name} onChange={set('name')} />
        <TextField
          label={sayField('email')}
          type="email"
          required
          autoComplete="username"
          value={form.email}
          onChange={set('email')}
        />
        <TextField
          label={sayField('password')}
          hint={sayField('passwordHint', { count: minimumPasswordLength })}
          type="password"
          required
          minLength={minimumPasswordLength}
          autoComplete="new-password"
          value={form.password}
          onChange={set('password')}
        />
        <ProblemNote error={accept.error} />
        <Button look="primary" type="submit" busy={accept.isPending} className="min-h-10">
          {say('join')}
        </Button>
      </form>
    </OpenPage>
  );
}
