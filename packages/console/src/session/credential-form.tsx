import type { Person } from '@myriad/contracts';
import { useState } from 'react';
import { useSend } from '../api/use-api.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { defineWords, useWords } from '../words/define-words.ts';
import { useTakeSession } from './use-session.ts';

export const minimumPasswordLength = 10;

export const credentialWords = defineWords(
  'credential',
  {
    name: 'Your name',
    email: 'Email',
    password: 'Password',
    passwordHint: 'At least {{count}} characters.',
    save: 'Save and go on',
  },
  {
    name: '你的名字',
    email: '邮箱',
    password: '密码',
    passwordHint: '至少 {{count}} 个字符。',
    save: '保存并继续',
  },
);

/** Empty for the placeholder that somebody has who came by a link (`….invalid` is no address, RFC 2606). */
export function realEmail(email: string): string {
  return email.endsWith('.invalid') ? '' : email;
}

/** Name, email and password of somebody who came by a link and has none yet. */
export function CredentialForm({ person, onDone }: { readonly person: Person; readonly onDone: () => void }) {
  const say = useWords(credentialWords);
  const take = useTakeSession();
  const change = useSend('PATCH /api/me');
  const [name, setName] = useState(person.name);
  const [email, setEmail] = useState(realEmail(person.email));
  const [password, setPassword] = useState('');
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(
          { body: { name: name.trim(), email: email.trim(), password } },
          {
            onSuccess: (session) => {
              take(session);
              onDone();
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
        required
        autoComplete="username"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <TextField
        label={say('password')}
        hint={say('passwordHint', { count: minimumPasswordLength })}
        type="password"
        required
        minLength={minimumPasswordLength}
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <ProblemNote error={change.error} />
      <Button look="primary" type="submit" busy={change.isPending} className="min-h-10">
        {say('save')}
      </Button>
    </form>
  );
}
