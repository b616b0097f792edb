/** What is selected in a list of files, and which one the keyboard is at. Plain data, so that it can be tested by itself. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Where the keyboard is. */
  readonly active: string | null;
  /** From where a range with Shift reaches. */
  readonly anchor: string | null;
}

export const nothingSelected: Selection = { ids: new Set(), active: null, anchor: null };

export interface Keys {
  readonly shift: boolean;
  /** Ctrl, or ⌘ on a Mac. */
  readonly toggle: boolean;
}

function between(order: readonly string[], from: string | null, to: string): readonly string[] {
  const start = from === null ? -1 : order.indexOf(from);
  const end = order.indexOf(to);
  if (start < 0 || end < 0) return [to];
  return order.slice(Math.min(start, end), Math.max(start, end) + 1);
}

/** A click: alone, added to with Ctrl, reaching with Shift. */
export function selectAt(before: Selection, order: readonly string[], id: string, { shift, toggle }: Keys): Selection {
  if (shift) {
    const range = between(order, before.anchor ?? before.active, id);
    const ids = toggle ? new Set([...before.ids, ...range]) : new Set(range);
    return { ids, active: id, anchor: before.anchor ?? before.active ?? id };
  }
  if (toggle) {
    const ids = new Set(before.ids);
    if (!ids.delete(id)) ids.add(id);
    return { ids, active: id, anchor: id };
  }
  return { ids: new Set([id]), active: id, anchor: id };
}

/** An arrow: moves the selection with it, reaches with Shift, goes alone with Ctrl. */
export function moveSelection(
  before: Selection,
  order: readonly string[],
  step: number,
  { shift, toggle }: Keys,
): Selection {
  if (order.length === 0) return nothingSelected;
  const at = before.active === null ? -1 : order.indexOf(before.active);
  // From nowhere an arrow begins at the near end; what reaches over the whole list goes to its far one.
  const far = Math.abs(step) >= order.length && order.length > 1;
  const first = step > 0 !== far ? 0 : order.length - 1;
  const next = at < 0 ? first : Math.min(order.length - 1, Math.max(0, at + step));
  const id = order[next] as string;
  if (toggle && !shift) return { ...before, active: id };
  return selectAt(before, order, id, { shift, toggle: false });
}

export const selectAll = (order: readonly string[], before: Selection): Selection => ({
  ids: new Set(order),
  active: before.active ?? order[0] ?? null,
  anchor: before.anchor,
});

/** Without what is no longer in the list. */
export function keepListed(before: Selection, order: readonly string[]): Selection {
  const listed = new Set(order);
  const ids = [...before.ids].filter((id) => listed.has(id));
  if (ids.length === before.ids.size && (before.active === null || listed.has(before.active))) return before;
  const kept = (id: string | null) => (id !== null && listed.has(id) ? id : null);
  return { ids: new Set(ids), active: kept(before.active), anchor: kept(before.anchor) };
}
