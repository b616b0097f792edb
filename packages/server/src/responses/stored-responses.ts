/**
 * Turns kept for `previous_response_id`, under `response:<day>:<id>` among the settings. The day comes from the id's own
 * time, so that a response is found by its id alone and a day that is past its time is dropped by its prefix.
 */
import { MyriadError } from '@myriad/contracts';
import type { House } from '../house.ts';
import type { Json } from '../http/checks.ts';

export const retentionDays = 30;
const dayMs = 86_400_000;
/** Turns that one conversation may have; a chain is walked turn by turn. */
const longestChain = 256;
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
/** The last moment of a JavaScript date. */
const latest = 8.64e15;

export interface StoredResponse {
  /** Person, key or operator that made it; nobody else may read, continue or delete it. */
  readonly owner: string;
  readonly expiresAt: number;
  readonly previousId: string | null;
  readonly input: readonly Json[];
  readonly response: Json;
}

type Kept = Pick<House, 'store' | 'clock'>;
const sweptOn = new WeakMap<object, string>();

export async function keepResponse(house: Kept, id: string, kept: Omit<StoredResponse, 'expiresAt'>): Promise<void> {
  const now = house.clock.now();
  const value: StoredResponse = { ...kept, expiresAt: now + retentionDays * dayMs };
  await house.store.settings.set(keyOf(id) as string, value);
  await sweep(house, now);
}

/** @throws MyriadError `not_found` when there is none, it is too old, or it is somebody else's. */
export async function storedResponse(house: Kept, owner: string, id: string): Promise<StoredResponse> {
  const key = keyOf(id);
  const found = key ? ((await house.store.settings.get(key)) as StoredResponse | null | undefined) : null;
  if (!found || found.owner !== owner || found.expiresAt <= house.clock.now())
    throw new MyriadError('not_found', `There is no response "${id.slice(0, 128)}".`, {
      facts: { param: 'previous_response_id' },
    });
  return found;
}

export async function dropResponse(house: Kept, owner: string, id: string): Promise<void> {
  await storedResponse(house, owner, id);
  await house.store.settings.delete(keyOf(id) as string);
}

/** All items before this turn, oldest first. @throws MyriadError `not_found` when a turn is gone, `unsupported` past the longest chain. */
export async function earlierItems(house: Kept, owner: string, previousId: string | null): Promise<Json[]> {
  const turns: Json[][] = [];
  let id = previousId;
  while (id) {
    if (turns.length >= longestChain)
      throw new MyriadError('unsupported', `A conversation may have at most ${longestChain} turns.`, {
        facts: { param: 'previous_response_id' },
      });
    const stored: StoredResponse = await storedResponse(house, owner, id);
    turns.push([...stored.input, ...((stored.response.output as Json[] | undefined) ?? [])]);
    id = stored.previousId;
  }
  return turns.reverse().flat();
}

/** Once a day, drops days that are past their time; a node that was off for a month catches up. */
async function sweep(house: Kept, now: number): Promise<void> {
  const today = dayOf(now);
  if (sweptOn.get(house.store) === today) return;
  sweptOn.set(house.store, today);
  for (let age = retentionDays + 1; age <= 2 * retentionDays; age += 1)
    for (const { key } of await house.store.settings.entries(`response:${dayOf(now - age * dayMs)}:`))
      await house.store.settings.delete(key);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** Ids carry the time of their making in their first ten characters (see `newId`). Null for what is no id of ours. */
function keyOf(id: string): string | null {
  const match = /^resp_([0-9a-z]{10})[0-9a-z]{16}$/.exec(id);
  if (!match) return null;
  let time = 0;
  for (const character of match[1] as string) time = time * 32 + alphabet.indexOf(character);
  return time > latest || time < 0 ? null : `response:${dayOf(time)}:${id}`;
}
