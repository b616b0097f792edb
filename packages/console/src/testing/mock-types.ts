import type { ApiAnswer, ApiRoute, FailureCode, SessionAnswer } from '@myriad/contracts';
import type { createStreams } from './mock-streams.ts';
import type { MockWorld } from './mock-world.ts';

export type MockRole = 'owner' | 'member' | 'nobody' | 'new';

export interface MockCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: a mock trusts the typed client
  readonly body: any;
  readonly bytes: Uint8Array;
  readonly role: MockRole;
  readonly world: MockWorld;
  readonly now: () => number;
  readonly id: (prefix: string) => string;
  readonly streams: ReturnType<typeof createStreams>;
  readonly session: (role: MockRole) => SessionAnswer;
  readonly headers: Headers;
}

type MockRoute<R extends ApiRoute> = (call: MockCall) => ApiAnswer<R> | Response | Promise<ApiAnswer<R> | Response>;

export type MockRoutes = { readonly [R in ApiRoute]: MockRoute<R> };

/** A refusal of the mock, as a problem. */
export class MockRefusal extends Error {
  readonly code: FailureCode;
  constructor(code: FailureCode, detail: string) {
    super(detail);
    this.code = code;
  }
}
