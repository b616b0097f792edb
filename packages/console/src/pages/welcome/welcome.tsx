import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { CredentialForm } from '../../session/credential-form.tsx';
import { useSession, useTakeSession } from '../../session/use-session.ts';
import { OpenPage } from '../../shell/open-page.tsx';
import { Button } from '../../ui/button.tsx';
import { ProblemNote } from '../../ui/problem-note.tsx';
import { useWords } from '../../words/define-words.ts';
import { welcomeWords } from './words.ts';

/** The one-time link: its token makes the reader the owner; a name and a password can be set now or later. */
export default function WelcomePage() {
  const say = useWords(welcomeWords);
  const navigate = useNavigate();
  const take = useTakeSession();
  const session = useSession();
  const setup = useSend('POST /api/setup');
  const [token] = useState(() => location.hash.slice(1));
  const asked = useRef(false);
  useEffect(() => {
    // The session's answer brings the csrf token that the setup must carry.
    if (asked.current || token === '' || session.isPending) return;
    asked.current = true;
    history.replaceState(null, '', '/welcome');
    setup.mutate({ body: { token } }, { onSuccess: take });
  }, [token, session.isPending, setup, take]);

  const toAssistant = () => void navigate({ to: '/', replace: true });
  const owner = setup.data?.person ?? (token === '' ? session.data?.person : null);
  if (setup.error || (token === '' && !owner && !session.isPending)) {
    return (
      <OpenPage sentence={say('spent')} under={say('spentUnder')}>
        {setup.error && <ProblemNote error={setup.error} />}
        <Button look="primary" className="mt-4 min-h-10" onClick={toAssistant}>
          {say('toSignIn')}
        </Button>
      </OpenPage>
    );
  }
  if (!owner) return <OpenPage sentence={say('opening')}>{null}</OpenPage>;
  return (
    <OpenPage sentence={say('owner')} under={say('ownerUnder')}>
      <CredentialForm person={owner} onDone={toAssistant} />
      <Button look="quiet" className="mt-2 min-h-10 w-full" onClick={toAssistant}>
        {say('later')}
      </Button>
    </OpenPage>
  );
}
