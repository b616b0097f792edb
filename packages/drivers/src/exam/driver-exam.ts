import type { ModelConnection, ModelEvent } from '@myriad/contracts';
import type { MockReply, MockUpstream } from '../testing/mock-upstream.ts';
import type { Scenario, Standing } from './scenarios.ts';

/** A fixture of one dialect; written from the provider's public documentation, which `source` names. */
export interface Fixture {
  readonly source: string;
  readonly note?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole answer; text stays as it is, anything else is written as JSON. */
  readonly plain?: unknown;
  /** Lines of the event stream. */
  readonly stream?: readonly string[];
}

/** A family at its exam. */
export interface DriverExam {
  readonly standing: Readonly<Record<Scenario, Standing>>;
  /** Whether reasoning comes with a signature (or encrypted form) that must go back verbatim. */
  readonly signature: string | null;
  /** How the asked schema must show in what was sent: given to the provider, or told in words. */
  readonly schema: 'native' | 'emulated' | null;
  readonly embeddings: boolean;
  readonly models: boolean;
  readonly relayPath: string | null;
  /** Cache writes are counted in the `cached` scenario. */
  readonly cacheWriteTokens: number;
  /** An unknown field of the caller that must reach the provider, or null when the dialect takes none. */
  readonly extraField: string | null;
  /** Opens a connection that will answer the scenario. */
  open(scenario: Scenario): Promise<ExamSeat>;
  /** The HTTP side; null for families without one (AI SDK, extract, fake), which sit only the first part. */
  readonly http: HttpSeat | null;
}

export interface ExamSeat {
  readonly connection: ModelConnection;
  /** Bodies or call options that the provider got. */
  sent(): readonly unknown[];
  close(): Promise<void>;
}

export interface HttpSeat {
  readonly apiKey: string;
  /** A connection to any mock server. */
  connect(server: MockUpstream): ModelConnection;
  fixture(name: string): Fixture;
  reply(fixture: Fixture, stream: boolean): MockReply;
  closePool(): Promise<void>;
}

/** Gathers what came before a failure, and the failure. */
export async function settle(
  events: AsyncIterable<ModelEvent>,
): Promise<{ readonly events: readonly ModelEvent[]; readonly error: unknown }> {
  const seen: ModelEvent[] = [];
  try {
    for await (const event of events) seen.push(event);
    return { events: seen, error: null };
  } catch (error) {
    return { events: seen, error };
  }
}
