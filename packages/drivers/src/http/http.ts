/** What drivers ask of HTTP: one call, its answer as bytes, limits and cancelling built in. */
import type { Readable } from 'node:stream';
import type { CallOptions } from '@myriad/contracts';

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A function opens the body anew for each time that it is sent. */
  readonly body?: string | Uint8Array | (() => Readable);
  readonly options: CallOptions;
  /** Starts the first-token clock, which `sawToken` stops. Off in plain mode, where the first token is the whole answer. */
  readonly awaitsToken: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  /** Lower-case names; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes after decompression. Leaving the loop early cancels the call upstream. */
  readonly body: AsyncIterable<Uint8Array>;
  sawToken(): void;
}

/**
 * A pool of keep-alive connections. `call` rejects, and the body throws, only MyriadErrors: `aborted`,
 * `upstream_unavailable`, `upstream_timeout`, `upstream_cut`, `upstream_protocol`.
 */
export interface Http {
  call(call: HttpCall): Promise<HttpAnswer>;
  close(): Promise<void>;
}
