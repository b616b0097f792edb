/** Newest events of one KPI by unit, kept for units whose exposure is not known yet and for their history before it. */
export interface HeldEvents {
  /** Drops the oldest event of all past the capacity. */
  add(unit: string, event: HeldEvent): void;
  of(unit: string): readonly HeldEvent[];
  readonly size: number;
}

export interface HeldEvent {
  readonly id: string;
  /** Number in the log. */
  readonly sequence: number;
  readonly value: number;
  readonly time: number;
}

/** @param capacity Events kept. */
export function createHeldEvents(capacity = 200_000): HeldEvents {
  const byUnit = new Map<string, HeldEvent[]>();
  let order: string[] = [];
  let head = 0;
  return {
    add(unit, event) {
      const events = byUnit.get(unit);
      if (events) events.push(event);
      else byUnit.set(unit, [event]);
      order.push(unit);
      if (order.length - head <= capacity) return;
      const oldest = order[head] as string;
      head += 1;
      const kept = byUnit.get(oldest) as HeldEvent[];
      kept.shift();
      if (kept.length === 0) byUnit.delete(oldest);
      if (head > capacity) {
        order = order.slice(head);
        head = 0;
      }
    },
    of: (unit) => byUnit.get(unit) ?? [],
    get size() {
      return order.length - head;
    },
  };
}
