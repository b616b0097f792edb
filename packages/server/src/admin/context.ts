/** What every control-plane route shares: who asks, whether they may, and reading bodies and queries. */
import type { IncomingMessage } from 'node:http';
import {
  type AccessObject,
  type Action,
  type Caller,
  MyriadError,
  type PageRequest,
  type Subject,
} from '@myriad/contracts';
import type { Context } from 'hono';
import { z } from 'zod';
import type { House } from '../house.ts';

export interface AdminEnv {
  Bindings: { readonly incoming?: IncomingMessage };
  Variables: { subject: Subject; requestId: string; ip: string };
}

export type AdminContext = Context<AdminEnv>;

/** @throws `unauthenticated` for nobody, `forbidden` with the reason for anyone else who may not. */
export function need(house: House, c: AdminContext, action: Action, object: AccessObject = { type: 'house' }): Subject {
  const subject = c.get('subject');
  const decision = house.org.authorize(subject, action, object);
  if (decision.allowed) return subject;
  if (subject.kind === 'nobody') throw new MyriadError('unauthenticated', 'Sign in first.');
  throw new MyriadError('forbidden', decision.because);
}

/** Anyone but nobody; for lists, which hold only what the caller may see. @throws `unauthenticated`. */
export function signedIn(c: AdminContext): Subject {
  const subject = c.get('subject');
  if (subject.kind === 'nobody') throw new MyriadError('unauthenticated', 'Sign in first.');
  return subject;
}

/** Like `need`, but a thing that the caller may not see does not exist: an id is never a permission. */
export function needHidden(house: House, c: AdminContext, action: Action, object: AccessObject, what: string): Subject {
  const subject = c.get('subject');
  if (subject.kind === 'nobody') throw new MyriadError('unauthenticated', 'Sign in first.');
  if (!house.org.authorize(subject, action, object).allowed)
    throw new MyriadError('not_found', `There is no such ${what}.`);
  return subject;
}

/** @throws MyriadError `malformed_json`, `invalid_request` naming the field and what was expected. */
export async function readJson<T>(c: AdminContext, schema: z.ZodType<T>, limitBytes: number): Promise<T> {
  const text = await readText(c.req.raw, limitBytes);
  let value: unknown;
  try {
    value = text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new MyriadError('malformed_json', `The body is not valid JSON: ${(error as Error).message}.`);
  }
  return check(schema, value, 'body');
}

export function readQuery<T>(c: AdminContext, schema: z.ZodType<T>): T {
  return check(schema, c.req.query(), 'query');
}

/** @throws MyriadError `invalid_request` naming the place and what was expected. */
export function check<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0] as z.core.$ZodIssue;
  const field = [...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])].join('.');
  const text = issue.code === 'unrecognized_keys' ? 'is not known here' : issue.message;
  throw new MyriadError('invalid_request', `${where}${field ? `.${field}` : ''}: ${text}.`, {
    facts: { field: field || where, issues: parsed.error.issues.length },
  });
}

async function readText(request: Request, limitBytes: number): Promise<string> {
  if (!request.body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limitBytes)
      throw new MyriadError('body_too_large', `The body is larger than ${limitBytes} bytes.`, {
        facts: { limitBytes },
      });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

export const pageQuery = z.object({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
});

export function pageOf(query: { cursor?: string | undefined; limit?: number | undefined }): PageRequest {
  return { ...(query.cursor ? { cursor: query.cursor } : {}), limit: query.limit ?? 50 };
}

/** Drops `undefined`, so that filters not given are absent. */
export function given<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

/** Name under which changes are audited and things are owned. */
export function actorOf(subject: Subject): string {
  if (subject.kind === 'person') return subject.person.id;
  if (subject.kind === 'key') return subject.person?.id ?? subject.key.id;
  return subject.kind;
}

export function callerOf(house: House, subject: Subject): Caller {
  return {
    actorId: actorOf(subject),
    personId:
      subject.kind === 'person' ? subject.person.id : subject.kind === 'key' ? (subject.person?.id ?? null) : null,
    keyId: subject.kind === 'key' ? subject.key.id : null,
    principals: house.org.principalsOf(subject),
  };
}

export async function found<T>(value: Promise<T | null>, what: string): Promise<T> {
  const got = await value;
  if (got === null) throw new MyriadError('not_found', `There is no such ${what}.`);
  return got;
}
