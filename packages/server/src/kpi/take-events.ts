import type {
  Clock,
  KpiCorrection,
  KpiEvent,
  KpiEventsAnswer,
  KpiIntake,
  KpiRejection,
  KpiStore,
} from '@myriad/contracts';
import { checkEvent, type Rejected } from './check-event.ts';

/** Checks what came, keeps what is good in one durable step, counts the rest by its reason, and says what became of each. */
export async function takeEvents(
  parts: {
    readonly kpi: Pick<KpiStore, 'take'>;
    readonly clock: Pick<Clock, 'now'>;
    /** Names of KPIs that somebody registered or an experiment reads. */
    readonly known: ReadonlySet<string>;
    readonly tenant: string;
  },
  values: readonly unknown[],
  origin: { readonly source: string; readonly reader?: NonNullable<KpiIntake['reader']> },
): Promise<KpiEventsAnswer> {
  const receivedAt = parts.clock.now();
  const rejected: (Rejected & { readonly index: number })[] = [];
  const events: KpiEvent[] = [];
  const corrections: KpiCorrection[] = [];
  const places: number[] = [];
  values.forEach((value, index) => {
    const checked = checkEvent(value, receivedAt);
    if ('code' in checked) rejected.push({ index, ...checked });
    else if ('corrects' in checked) {
      corrections.push(checked);
      places.push(index);
    } else events.push(checked);
  });
  const { tenant } = parts;
  const taken = await parts.kpi.take({
    ...{ tenant, receivedAt, source: origin.source, events, corrections, rejected: sumsOf(rejected) },
    ...(origin.reader ? { reader: origin.reader } : {}),
  });
  const unknown = taken.corrections.flatMap((state, at) =>
    state === 'unknown'
      ? [
          {
            index: places[at] as number,
            code: 'unknown_event',
            detail: `There is no event "${(corrections[at]?.corrects ?? '').slice(0, 64)}" to correct; send the correction again after the event.`,
          },
        ]
      : [],
  );
  if (unknown.length > 0)
    await parts.kpi.take({ tenant, receivedAt, source: origin.source, events: [], rejected: sumsOf(unknown) });
  const corrected = taken.corrections.filter((state) => state === 'taken').length;
  const again = taken.corrections.filter((state) => state === 'duplicate').length;
  const unknownKpis = new Set(events.flatMap(({ kpi }) => (parts.known.has(kpi) ? [] : [kpi])));
  return {
    accepted: events.length - taken.duplicates.length + corrected,
    duplicates: taken.duplicates.length + again,
    rejected: [...rejected, ...unknown]
      .sort((a, b) => a.index - b.index)
      .map(({ index, code, detail }) => ({ index, code, detail })),
    corrected,
    unknownKpis: [...unknownKpis].slice(0, 20),
  };
}

function sumsOf(rejected: readonly Rejected[]): readonly KpiRejection[] {
  const sums = new Map<string, KpiRejection>();
  for (const { kpi = '', code, detail } of rejected) {
    const key = `${kpi} ${code}`;
    sums.set(key, { kpi, code, count: (sums.get(key)?.count ?? 0) + 1, sample: detail });
  }
  return [...sums.values()];
}
