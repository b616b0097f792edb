import { useQueryClient } from '@tanstack/react-query';
import { myriad } from '../api/client.ts';
import { sentenceOf } from '../ui/problem-note.tsx';
import { tell } from '../ui/toast.tsx';

/** Ends the session and drops everything that was kept of it. */
export function useSignOut(): () => void {
  const queries = useQueryClient();
  return () => {
    myriad.call('POST /api/sign-out').then(
      () => location.assign('/'),
      (error: unknown) => tell(sentenceOf(error)),
    );
    queries.cancelQueries();
  };
}
