/** W3C Trace Context, level 1: what a caller sends, and what goes out with a call. */
import { createHash } from 'node:crypto';

export interface TraceContext {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  readonly sampled: boolean;
  readonly state: string | null;
}

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const longestState = 512;

/** @returns null for what is absent or not well formed: the trace then begins here, as the standard asks. */
export function readTraceparent(traceparent: string | undefined, tracestate: string | undefined): TraceContext | null {
  const parts = traceparent === undefined ? null : form.exec(traceparent.trim());
  if (!parts) return null;
  const [, version, traceId, spanId, flags, more] = parts as unknown as [
    string,
    string,
    string,
    string,
    string,
    string?,
  ];
  if (version === 'ff' || (version === '00' && more !== undefined)) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  const state = tracestate !== undefined && tracestate.length <= longestState ? tracestate : null;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1, state };
}

export function traceHeaders({ traceId, spanId, sampled, state }: TraceContext): Readonly<Record<string, string>> {
  const traceparent = `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
  return state === null ? { traceparent } : { traceparent, tracestate: state };
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** The trace that a run begins when its caller sent none. Ids follow from the ledger's, so that one leads to the other. */
export const traceIdOf = (runId: string): string => hashOf(`trace ${runId}`).slice(0, 32);

/** @param id Of a run or of a call. */
export const spanIdOf = (id: string): string => hashOf(`span ${id}`).slice(0, 16);
