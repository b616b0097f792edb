import { type ChatMessage, type CompiledManifest, MyriadError } from '@myriad/contracts';

interface Finder {
  readonly name: string;
  readonly pattern: RegExp;
  readonly holds?: (text: string) => boolean;
}

/** Luhn's check digit (ISO/IEC 7812-1), to tell card numbers from other digits. */
function luhn(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]) * (at % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** Check character of a Chinese resident identity number (GB 11643-1999, ISO 7064 MOD 11-2). */
function residentNumber(text: string): boolean {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, weight, at) => total + weight * Number(text[at]), 0);
  return '10X98765432'[sum % 11] === text[17]?.toUpperCase();
}

const personal: readonly Finder[] = [
  { name: 'email', pattern: /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g },
  { name: 'id number', pattern: /(?<!\d)\d{17}[\dXx](?![\dXx])/g, holds: residentNumber },
  { name: 'card number', pattern: /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g, holds: luhn },
  { name: 'phone number', pattern: /(?<![\d+])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)/g },
  { name: 'phone number', pattern: /(?<![\d+])\+[1-9]\d{0,2}[ -]?(?:\(?\d{1,4}\)?[ -]?){2,4}\d{2,4}(?!\d)/g },
];
const secrets: readonly Finder[] = [
  {
    name: 'private key',
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  },
  { name: 'key', pattern: /\b(?:sk|pk|rk|myr|ghp|gho|ghs|glpat|xox[abprs])[-_][\w-]{16,}/g },
  { name: 'key', pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
  { name: 'token', pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g },
];

export interface GuardedMessages {
  readonly messages: readonly ChatMessage[];
  /** How many of what were found; names and counts only. */
  readonly found: Readonly<Record<string, number>>;
}

/**
 * Applies an app's input policy to the person's words: denied phrases stop the run, personal data and secrets are masked
 * or stop it. Patterns with check digits where there are any; no more than a first fence.
 *
 * @throws MyriadError `policy_blocked` that names the kind of thing found, never the thing.
 */
export function guardMessages(policy: CompiledManifest['policy'], messages: readonly ChatMessage[]): GuardedMessages {
  const found: Record<string, number> = {};
  const active = [
    { mode: policy.secrets, finders: secrets },
    { mode: policy.pii, finders: personal },
  ].filter(({ mode }) => mode !== 'allow');
  if (active.length === 0 && policy.deny.length === 0) return { messages, found };

  function guard(text: string): string {
    const folded = text.normalize('NFKC').toLowerCase();
    if (policy.deny.some((phrase) => folded.includes(phrase.normalize('NFKC').toLowerCase()))) {
      throw new MyriadError('policy_blocked', 'The message holds a phrase that this app does not take.');
    }
    let result = text;
    for (const { mode, finders } of active) {
      for (const { name, pattern, holds } of finders) {
        result = result.replace(pattern, (match) => {
          if (holds && !holds(match)) return match;
          if (mode === 'block') {
            throw new MyriadError('policy_blocked', `The message holds a ${name}, which this app does not take.`);
          }
          found[name] = (found[name] ?? 0) + 1;
          return `[${name}]`;
        });
      }
    }
    return result;
  }

  const guarded = messages.map((message): ChatMessage => {
    if (message.role !== 'user') return message;
    return {
      ...message,
      content: message.content.map((part) => (part.type === 'text' ? { ...part, text: guard(part.text) } : part)),
    };
  });
  return { messages: guarded, found };
}
