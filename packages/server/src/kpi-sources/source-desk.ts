/**
 * Sources of KPI events that the node reads by SQL: kept, tried out, read when due. A source is read by one reader at a
 * time; its mark moves in the transaction that keeps the events, so a death between two batches loses and doubles nothing.
 */
import {
  asMyriadError,
  type Clock,
  type KpiEventsAnswer,
  type KpiSource,
  type KpiSourceKind,
  type KpiSourcePreview,
  type KpiSourceRun,
  MyriadError,
  newId,
  type Random,
  type SaveKpiSource,
  type Store,
  type StoredKpiSource,
} from '@myriad/contracts';
import { checkEvent } from '../kpi/check-event.ts';
import { checkDefinition } from './check-definition.ts';
import type { RowReader, SourceRow } from './read-rows.ts';
import { rowToEvent } from './row-to-event.ts';
import { beginBefore, keepMark, openMark } from './watermark.ts';

export interface SourceDeskParts {
  readonly store: Pick<Store, 'kpi' | 'audit'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenant: string;
  readonly readers: Readonly<Record<KpiSourceKind, RowReader>>;
  /** What a kind lacks on this node, in words; null when it can be read. */
  missing(kind: KpiSourceKind): string | null;
  /** Keeps rows as events and moves the source's mark with them. */
  take(
    values: readonly unknown[],
    origin: { readonly source: string; readonly reader: { readonly id: string; readonly watermark: string } },
  ): Promise<KpiEventsAnswer>;
  readonly passwords: {
    /** Keeps a password, or a reference to one; returns where it is. */
    save(id: string, password: string): Promise<string>;
    read(id: string, source: string | null): Promise<string | null>;
    remove(id: string): Promise<void>;
  };
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
  /** Most rows of one reading; the next goes on where it ended. */
  readonly mostRows?: number;
}

export interface SourceDesk {
  list(): Promise<readonly KpiSource[]>;
  kinds(): readonly { readonly kind: KpiSourceKind; readonly missing: string | null }[];
  save(name: string, change: SaveKpiSource, by: string): Promise<KpiSource>;
  remove(name: string, by: string): Promise<void>;
  /** First rows of a definition that need not be saved. */
  test(name: string, change: SaveKpiSource): Promise<KpiSourcePreview>;
  run(name: string, again?: boolean): Promise<KpiSource>;
  /** Reads what is due, from now on. */
  start(): void;
  close(): Promise<void>;
}

const tickMs = 15_000;
const previewRows = 20;

export function createSourceDesk(parts: SourceDeskParts): SourceDesk {
  const { store, clock, random, tenant, readers, passwords, mostRows = 1_000_000 } = parts;
  const running = new Map<string, { readonly abort: AbortController; readonly done: Promise<StoredKpiSource> }>();
  let cancel = () => {};
  let closed = false;

  const all = () => store.kpi.sources(tenant);
  const named = async (name: string) => (await all()).find(({ definition }) => definition.name === name) ?? null;
  const present = (source: StoredKpiSource): KpiSource => ({
    ...{ ...source.definition, id: source.id, watermark: source.watermark, passwordSource: source.passwordSource },
    ...{ lastRun: source.lastRun, createdAt: source.createdAt, updatedAt: source.updatedAt },
    running: running.has(source.id),
    nextRunAt: dueAt(source),
  });
  const need = async (name: string) => {
    const source = await named(name);
    if (!source) throw new MyriadError('not_found', `There is no source "${name}".`);
    return source;
  };

  async function read(source: StoredKpiSource, again: boolean, signal: AbortSignal): Promise<StoredKpiSource> {
    const startedAt = clock.now();
    const begun = clock.monotonicMs();
    const { definition } = source;
    const sum = { rows: 0, accepted: 0, duplicates: 0, rejected: 0 };
    let message: string | null = null;
    let ok = true;
    try {
      const absent = parts.missing(definition.kind);
      if (absent) throw new MyriadError('capability_unavailable', absent);
      const password = await passwords.read(source.id, source.passwordSource);
      const from =
        source.watermark === null || again ? null : beginBefore(openMark(source.watermark), definition.overlap);
      for await (const rows of readers[definition.kind]({ definition, password, from, limit: mostRows, signal })) {
        const mark = markOf(rows, definition.mapping.watermark);
        const answer = await parts.take(
          rows.map((row) => rowToEvent(row, definition)),
          { source: source.id, reader: { id: source.id, watermark: keepMark(mark) } },
        );
        sum.rows += rows.length;
        sum.accepted += answer.accepted;
        sum.duplicates += answer.duplicates;
        sum.rejected += answer.rejected.length;
        message ??= answer.rejected[0]?.detail ?? null;
        signal.throwIfAborted();
      }
    } catch (thrown) {
      if (!signal.aborted) {
        const error = asMyriadError(thrown);
        ok = false;
        message = error.message;
        if (error.class.kind === 'fault')
          parts.log('kpi_source_failed', { source: definition.name, cause: String(thrown) });
      } else {
        ok = false;
        message = 'The reading was stopped; the next one goes on where it ended.';
      }
    }
    const lastRun: KpiSourceRun = { startedAt, tookMs: clock.monotonicMs() - begun, ok, ...sum, message };
    // The mark was moved by the events; a definition may have changed meanwhile.
    const current = (await all()).find(({ id }) => id === source.id);
    if (!current) return { ...source, lastRun };
    const after = { ...current, lastRun };
    await store.kpi.saveSource(after);
    return after;
  }

  function begin(source: StoredKpiSource, again: boolean): Promise<StoredKpiSource> {
    const already = running.get(source.id);
    if (already) throw new MyriadError('conflict', `"${source.definition.name}" is being read right now.`);
    const abort = new AbortController();
    const done = read(source, again, abort.signal).finally(() => running.delete(source.id));
    running.set(source.id, { abort, done });
    return done;
  }

  async function stopReading(id: string): Promise<void> {
    const reading = running.get(id);
    reading?.abort.abort();
    await reading?.done.catch(() => {});
  }

  function tick(): void {
    cancel = clock.after(tickMs, () => {
      void (async () => {
        for (const source of await all()) {
          const due = dueAt(source);
          if (!closed && due !== null && due <= clock.now() && !running.has(source.id)) await begin(source, false);
        }
      })()
        .catch((error: unknown) => parts.log('kpi_sources_failed', { cause: String(error) }))
        .finally(() => {
          if (!closed) tick();
        });
    });
  }

  const audit = (action: string, object: string, by: string, detail: Readonly<Record<string, unknown>>) =>
    store.audit.append({ time: clock.now(), actor: by, action, object, detail });

  return {
    list: async () => (await all()).map(present),
    kinds: () => (Object.keys(readers) as KpiSourceKind[]).map((kind) => ({ kind, missing: parts.missing(kind) })),
    async save(name, change, by) {
      const before = await named(name);
      const { definition, passwordInAddress } = checkDefinition(name, before?.definition ?? null, change);
      if (before) await stopReading(before.id);
      const now = clock.now();
      const id = before?.id ?? newId('src', clock, random);
      const password = change.password === undefined ? passwordInAddress : change.password;
      let passwordSource = before?.passwordSource ?? null;
      if (password !== null) passwordSource = await passwords.save(id, password);
      else if (change.password === null) {
        await passwords.remove(id);
        passwordSource = null;
      }
      // Another query or another mark is read from its beginning; ids keep what was read from counting twice.
      const same =
        before?.definition.sql === definition.sql &&
        before.definition.address === definition.address &&
        before.definition.mapping.watermark === definition.mapping.watermark;
      const watermark = same ? ((await named(name))?.watermark ?? null) : null;
      const { lastRun = null, createdAt = now } = before ?? {};
      const saved: StoredKpiSource = {
        ...{ id, tenant, definition, passwordSource, watermark, lastRun, createdAt, updatedAt: now },
      };
      await store.kpi.saveSource(saved);
      const { kind, everyMinutes, enabled } = definition;
      await audit('kpi.source.save', name, by, { kind, everyMinutes, enabled });
      return present(saved);
    },
    async remove(name, by) {
      const source = await need(name);
      await stopReading(source.id);
      await store.kpi.removeSource(source.id);
      await passwords.remove(source.id);
      await audit('kpi.source.remove', name, by, {});
    },
    async test(name, change) {
      const before = await named(name);
      const { definition, passwordInAddress } = checkDefinition(name, before?.definition ?? null, change);
      const absent = parts.missing(definition.kind);
      if (absent) throw new MyriadError('capability_unavailable', absent);
      const begun = clock.monotonicMs();
      const given = change.password ?? passwordInAddress;
      const password = given ?? (before ? await passwords.read(before.id, before.passwordSource) : null);
      const rows: SourceRow[] = [];
      const wanted = { definition, password, from: null, limit: previewRows, signal: AbortSignal.timeout(120_000) };
      for await (const batch of readers[definition.kind](wanted)) rows.push(...batch);
      const now = clock.now();
      return {
        columns: Object.keys(rows[0] ?? {}),
        rows: rows.map((row) => {
          const checked = checkEvent(rowToEvent(row, definition), now);
          if ('code' in checked) return { row, event: null, problem: checked.detail };
          return 'corrects' in checked ? { row, event: null, problem: null } : { row, event: checked, problem: null };
        }),
        tookMs: clock.monotonicMs() - begun,
      };
    },
    run: async (name, again = false) => present(await begin(await need(name), again)),
    start: tick,
    async close() {
      closed = true;
      cancel();
      await Promise.all([...running.keys()].map(stopReading));
    },
  };
}

/** When a source is to be read next: at once when it never was; null when only by hand. */
function dueAt({ definition, lastRun, updatedAt }: StoredKpiSource): number | null {
  if (!definition.enabled || definition.everyMinutes === 0) return null;
  return lastRun === null ? updatedAt : lastRun.startedAt + definition.everyMinutes * 60_000;
}

/** The newest mark of a batch, which is its last row's. @throws MyriadError when the query does not give the column. */
function markOf(rows: readonly SourceRow[], column: string): string | number {
  const mark = rows.at(-1)?.[column];
  if (mark === undefined || mark === null)
    throw new MyriadError('invalid_request', `The query gives no column "${column}" to follow.`, {
      facts: { field: 'mapping.watermark' },
    });
  return mark;
}
