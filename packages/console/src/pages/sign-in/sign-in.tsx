import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { passkeysWork, signInWithPasskey } from '../../session/passkey.ts';
import { refreshSession, useSession, useTakeSession } from '../../session/use-session.ts';
import { OpenPage } from '../../shell/open-page.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/define-words.ts';
import { signInWords } from './words.ts';

/** Shown in place of any page to somebody who is not signed in; after signing in the page wanted is there. */
export default function SignInPage() {
  const say = useWords(signInWords);
  const { data: session } = useSession();
  const take = useTakeSession();
  const queries = useQueryClient();
  const signIn = useSend('POST /api/sign-in');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [passkeyFailed, setPasskeyFailed] = useState(false);
  if (session?.node.needsOwner) {
    return (
      <OpenPage sentence={say('noOwner')} under={say('noOwnerUnder')}>
        {null}
      </OpenPage>
    );
  }
  return (
    <OpenPage sentence={say('sentence')} under={say('under')}>
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate({ body: { email: email.trim(), password } }, { onSuccess: take });
        }}
      >
        <TextField
          label={say('email')}
          type="email"
          required
          autoComplete="username webauthn"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label={say('password')}
          type="password"
          required
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <ProblemNote error={signIn.error} />
        <Button look="primary" type="submit" busy={signIn.isPending} className="min-h-10">
          {say('signIn')}
        </Button>
      </form>
      {passkeysWork() && (
        <>
          <p className="my-3 text-center text-small text-soft">{say('or')}</p>
          <Button
            className="min-h-10 w-full"
            onClick={() => {
              setPasskeyFailed(false);
              signInWithPasskey()
                .then(() => refreshSession(queries))
                .catch(() => setPasskeyFailed(true));
            }}
          >
            {say('passkey')}
          </Button>
          {passkeyFailed && (
            <p role="alert" className="mt-2 text-bad">
              {say('passkeyFailed')}
            </p>
          )}
        </>
      )}
      <p className="mt-6 text-small text-soft">{say('forgot')}</p>
    </OpenPage>
  );
}
