/** Reads a batch's input: where each line lies, and what is wrong with it, before anything runs. */
import type { BatchError, BatchLine } from '@myriad/contracts';
import { isObject } from '../http/checks.ts';

export interface LineRules {
  readonly endpoint: string;
  readonly mostLines: number;
  readonly mostLineBytes: number;
}

type Place = Pick<BatchLine, 'ordinal' | 'customId' | 'start' | 'end'>;

const mostErrors = 100;
const longestId = 512;

/** Gives lines in their order; reads on after a fault, so that the caller sees more than the first. */
export async function* readLines(
  content: AsyncIterable<Uint8Array>,
  rules: LineRules,
  errors: BatchError[],
): AsyncGenerator<Place> {
  const seen = new Set<string>();
  let row = 0;
  let ordinal = 0;
  const refuse = (code: string, message: string, param: string | null = null) =>
    errors.push({ code, message, line: row, param });
  for await (const { bytes, start, end } of splitLines(content, rules.mostLineBytes)) {
    row += 1;
    if (errors.length >= mostErrors) return;
    if (bytes === null) {
      refuse('body_too_large', `The line is longer than ${rules.mostLineBytes} bytes.`);
      continue;
    }
    const text = bytes.toString('utf8').trim();
    if (text === '') continue;
    if (ordinal >= rules.mostLines) {
      refuse('body_too_large', `A batch may have at most ${rules.mostLines} lines.`);
      return;
    }
    const fault = faultOf(text, rules.endpoint, seen);
    if (typeof fault === 'string') yield { ordinal: ordinal++, customId: fault, start, end };
    else refuse(fault.code, fault.message, fault.param);
  }
  if (ordinal === 0 && errors.length === 0)
    errors.push({ code: 'invalid_request', message: 'The file has no lines.', line: null, param: 'input_file_id' });
}

/** The line's `custom_id` when nothing is wrong with it. */
function faultOf(
  text: string,
  endpoint: string,
  seen: Set<string>,
): string | { readonly code: string; readonly message: string; readonly param: string | null } {
  const bad = (param: string, message: string) => ({ code: 'invalid_request', message: `${param}: ${message}`, param });
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch (error) {
    return {
      code: 'malformed_json',
      message: `The line is not valid JSON: ${(error as Error).message}.`,
      param: null,
    };
  }
  if (!isObject(line)) return { code: 'invalid_request', message: 'Expected a JSON object.', param: null };
  const { custom_id: id, method, url, body } = line;
  if (typeof id !== 'string' || id === '' || id.length > longestId)
    return bad('custom_id', `Expected a text of 1 to ${longestId} characters.`);
  if (seen.has(id)) return bad('custom_id', 'Another line has the same one.');
  seen.add(id);
  if (method !== 'POST') return bad('method', 'Expected POST.');
  if (url !== endpoint) return bad('url', `Expected the endpoint of the batch, ${endpoint}.`);
  if (!isObject(body)) return bad('body', 'Expected an object.');
  return id;
}

interface Row {
  /** null when the line is too long. */
  readonly bytes: Buffer | null;
  readonly start: number;
  readonly end: number;
}

async function* splitLines(content: AsyncIterable<Uint8Array>, mostBytes: number): AsyncGenerator<Row> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let start = 0;
  const take = (part: Uint8Array) => {
    length += part.byteLength;
    if (length <= mostBytes) parts.push(part);
    else parts = [];
  };
  const row = (): Row => ({ bytes: length <= mostBytes ? Buffer.concat(parts) : null, start, end: start + length });
  for await (const chunk of content) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      take(chunk.subarray(from, at));
      yield row();
      from = at + 1;
      start += length + 1;
      parts = [];
      length = 0;
    }
    take(chunk.subarray(from));
  }
  if (length > 0) yield row();
}
