import type { TraceStep } from '@myriad/contracts';
import type { Say } from '../../words/define-words.ts';
import type { runWords } from './words.ts';

type SayRun = Say<(typeof runWords)['en']>;

const kinds = {
  email: 'found_email',
  phone: 'found_phone',
  'id number': 'found_id',
  'card number': 'found_card',
  'company code': 'found_company',
  passport: 'found_passport',
  'ip address': 'found_ip',
  'private key': 'found_private_key',
  'api key': 'found_api_key',
  token: 'found_token',
  secret: 'found_secret',
  'denied phrase': 'found_denied',
} as const;

const names = {
  'input policy': 'step_input',
  'output policy': 'step_output',
  'documents policy': 'step_documents',
  'untrusted content': 'step_untrusted',
} as const;

const has = <Table extends object>(table: Table, key: string): key is string & keyof Table => key in table;

/** What was masked, by kind: `phone number × 2`. Empty when nothing was. */
function foundText(detail: Readonly<Record<string, unknown>>, say: SayRun): string {
  return Object.entries(detail)
    .flatMap(([kind, count]) => (has(kinds, kind) ? [`${say(kinds[kind])} × ${String(count)}`] : []))
    .join(', ');
}

/** A step of the trace in words; null for steps that the general line tells well enough. */
export function stepText(step: TraceStep, say: SayRun): string | null {
  if (!has(names, step.name)) return null;
  const name = say(names[step.name]);
  if (step.name === 'untrusted content') {
    const { from, signs } = step.detail;
    const list = Array.isArray(signs) ? signs.join(', ') : '';
    return `${name}: ${from === 'documents' ? say('fromDocuments') : String(from)} (${list})`;
  }
  const found = foundText(step.detail, say);
  const ended = step.ok ? '' : say('stepBlocked');
  const masked = found === '' ? '' : say('stepMasked', { found });
  return `${name}: ${[masked, ended].filter(Boolean).join('; ') || say('stepNothing')}`;
}
