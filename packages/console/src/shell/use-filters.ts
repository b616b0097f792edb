import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useCallback } from 'react';

/** The filters in the address: links carry them, back and forward go through them. Empty ones are left out. */
export function useFilters(): readonly [
  filters: Readonly<Record<string, string>>,
  change: (patch: Readonly<Record<string, string>>) => void,
] {
  const text = useRouterState({ select: (state) => state.location.searchStr });
  const navigate = useNavigate();
  const filters = Object.fromEntries(new URLSearchParams(text));
  const change = useCallback(
    (patch: Readonly<Record<string, string>>) => {
      const next = { ...Object.fromEntries(new URLSearchParams(location.search)), ...patch };
      void navigate({ to: '.', search: next as never, replace: true, resetScroll: false });
    },
    [navigate],
  );
  return [filters, change];
}
