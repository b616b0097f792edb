import type { ModelEvent } from '@myriad/contracts';
import { asCount, asRecord, asText, at } from '../dialect/json-value.ts';

interface Slot {
  id: string | null;
  named: boolean;
}

/**
 * Puts fragments of tool calls in order. Servers differ: some leave out `index`, some give every parallel call index 0 with
 * its own id, some never give an id. Each call gets one index of ours, counted from 0 within its choice.
 */
export interface ToolCallReader {
  push(choice: number, fragments: readonly unknown[]): readonly ModelEvent[];
  /** Ids for calls that never got one. */
  end(): readonly ModelEvent[];
}

export function readToolCalls(): ToolCallReader {
  const slots = new Map<number, Slot[]>();
  const indexes = new Map<string, number>();
  const last = new Map<number, number>();

  function slotFor(choice: number, theirIndex: number | null, id: string | null): number {
    const own = slots.get(choice) ?? [];
    slots.set(choice, own);
    if (id !== null) {
      const known = own.findIndex((slot) => slot.id === id);
      if (known >= 0) return known;
    }
    if (theirIndex !== null) {
      const key = `${choice}:${theirIndex}`;
      const known = indexes.get(key);
      const taken = known !== undefined && id !== null && own[known]?.id != null && own[known].id !== id;
      if (known !== undefined && !taken) return known;
      own.push({ id: null, named: false });
      indexes.set(key, own.length - 1);
      return own.length - 1;
    }
    const before = last.get(choice);
    if (id === null && before !== undefined) return before;
    own.push({ id: null, named: false });
    return own.length - 1;
  }

  return {
    push(choice, fragments) {
      const events: ModelEvent[] = [];
      for (const fragment of fragments) {
        const call = asRecord(fragment);
        if (!call) continue;
        const id = asText(call.id) || null;
        const index = slotFor(choice, asCount(call.index), id);
        const slot = slots.get(choice)?.[index] as Slot;
        last.set(choice, index);
        const name = asText(at(call.function, 'name')) || null;
        events.push({
          type: 'toolCall',
          choice,
          index,
          ...(id !== null && slot.id === null ? { id } : {}),
          ...(name !== null && !slot.named ? { name } : {}),
          argumentsDelta: argumentsOf(at(call.function, 'arguments')),
        });
        slot.id ??= id;
        slot.named ||= name !== null;
      }
      return events;
    },
    end() {
      return [...slots].flatMap(([choice, own]) =>
        own.flatMap((slot, index): ModelEvent[] =>
          slot.id === null
            ? [{ type: 'toolCall', choice, index, id: `call_${choice}_${index}`, argumentsDelta: '' }]
            : [],
        ),
      );
    },
  };
}

/** Text as it is; some local servers give the object itself. */
function argumentsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return asRecord(value) ? JSON.stringify(value) : '';
}
