/**
 * What counts as personal data and as a secret. Patterns look at one character beyond a match at most, so that a stream
 * knows when a match can grow no more. Text is folded first: full-width digits and letters read as ASCII.
 */
import { entropyBits, isCardNumber, isCompanyCode, isResidentNumber } from './check-digits.ts';

export interface Finder {
  readonly class: 'pii' | 'secrets';
  /** Shown in masks and counted in traces. */
  readonly kind: string;
  readonly pattern: RegExp;
  /** A cheap text without which the pattern cannot match. */
  readonly hint?: RegExp;
  readonly holds?: (match: string) => boolean;
}

const digit = /\d/;

export const personal: readonly Finder[] = [
  {
    class: 'pii',
    kind: 'email',
    hint: /@/,
    pattern: /[\w.+-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?![a-z0-9-])/gi,
  },
  {
    class: 'pii',
    kind: 'id number',
    hint: digit,
    pattern: /(?<![\dA-Za-z])\d{6}[ -]?\d{8}[ -]?\d{3}[\dXx](?![\dA-Za-z])/g,
    holds: isResidentNumber,
  },
  {
    class: 'pii',
    kind: 'company code',
    hint: digit,
    pattern: /(?<![\dA-Za-z])[1-9A-HJ-NPQRTUWXY][1-9A-Z]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![\dA-Za-z])/g,
    holds: isCompanyCode,
  },
  {
    class: 'pii',
    kind: 'card number',
    hint: digit,
    pattern: /(?<![\d.])[2-9](?:[ -]?\d){12,18}(?!\d)/g,
    holds: isCardNumber,
  },
  {
    class: 'pii',
    kind: 'phone',
    hint: digit,
    // Mobile numbers of mainland China.
    pattern: /(?<![\dA-Za-z.])(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\dA-Za-z])/g,
  },
  {
    class: 'pii',
    kind: 'phone',
    hint: digit,
    // Landlines of mainland China: the area code tells them from other numbers.
    pattern:
      /(?<![\dA-Za-z.-])(?:(?:\+|00)86[ -]?)?\(?0(?:10|2\d|[3-9]\d{2})\)?[ -]?[2-8]\d{2,3}[ -]?\d{4}(?![\dA-Za-z])/g,
  },
  {
    class: 'pii',
    kind: 'phone',
    hint: /\+/,
    // Any country with its code (ITU-T E.164: at most 15 digits).
    pattern: /(?<![\d+A-Za-z])\+[1-9](?:[ ().-]{0,2}\d){6,14}(?!\d)/g,
  },
  {
    class: 'pii',
    kind: 'phone',
    hint: digit,
    // North America, only as it is written with its separators.
    pattern: /(?<![\d.-])(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}(?!\d)/g,
  },
  {
    class: 'pii',
    kind: 'passport',
    hint: digit,
    // Without a check digit, only the word beside it decides.
    pattern: /(?<=(?:passport|护照)[^\n\d]{0,24})(?<![A-Za-z\d])[A-Z]{1,2}\d{7,8}(?![\dA-Za-z])/gi,
  },
  {
    class: 'pii',
    kind: 'ip address',
    hint: /\d\.\d/,
    pattern: /(?<![\d.A-Za-z])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\dA-Za-z]|\.\d)/g,
    // Addresses that name no person: this machine, private networks, nobody.
    holds: (text) => !/^(?:0|10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\./.test(text),
  },
];

const keyNames =
  'passw(?:or)?d|pwd|secret|token|api[_ -]?key|access[_ -]?key|secret[_ -]?key|private[_ -]?key|auth[_ -]?key|credential|authorization|密码|口令|密钥|令牌';

/** A value beside a key's name: long or mixed enough to be one, and no placeholder. */
function looksSecret(value: string): boolean {
  if (/^(?:env:|file:|\$\{|<|\*+$|x+$|\.+$|your)/i.test(value)) return false;
  const mixed = /\d/.test(value) && /[A-Za-z]/.test(value);
  return (mixed && entropyBits(value) >= 2.5) || (value.length >= 20 && entropyBits(value) >= 3.5);
}

export const secret: readonly Finder[] = [
  {
    class: 'secrets',
    kind: 'private key',
    hint: /-----BEGIN /,
    pattern:
      /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  },
  {
    class: 'secrets',
    kind: 'token',
    hint: /eyJ/,
    pattern: /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/g,
  },
  {
    class: 'secrets',
    kind: 'api key',
    // OpenAI, Anthropic, Stripe, GitHub, GitLab, Slack, Hugging Face, npm, PyPI, Myriad …: a prefix and a long tail.
    pattern:
      /(?<![A-Za-z0-9])(?:(?:sk|pk|rk|myr|ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[abeoprs]|hf|npm|pypi|dop_v1|shpat|lin_api|r8|gsk|tvly|xai|nvapi)[-_][\w-]{16,}|SG\.[\w-]{16,}\.[\w-]{16,}|ya29\.[\w-]{20,}|AIza[\w-]{35}|(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}|LTAI[A-Za-z0-9]{12,26}|AKID[A-Za-z0-9]{28,44}|bce-v3\/[\w-]{8,}\/[a-f0-9]{20,}|[a-f0-9]{32}\.[A-Za-z0-9]{16})(?![\w-])/g,
  },
  {
    class: 'secrets',
    kind: 'secret',
    pattern: new RegExp(
      `(?<=(?:${keyNames})["'\`]?(?:\\s{0,3}[:=：＝]\\s{0,3}|\\s{1,3}(?:is|are)\\s{1,3}|\\s{0,2}[是为]\\s{0,2}[:：]?\\s{0,2})["'\`]?(?:Bearer |Basic )?)(?<![\\w+/=-])[^\\s"'\`,;，。；、\\u2E80-\\u9FFF]{6,}`,
      'gi',
    ),
    holds: looksSecret,
  },
];

/** Full-width forms read as ASCII, each as one character, so that places in the text stay the same. */
export function foldWidth(text: string): string {
  if (!/[\uFF01-\uFF5E]/.test(text)) return text;
  return text.replace(/[\uFF01-\uFF5E]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0));
}

export interface Finding {
  readonly finder: Finder;
  readonly start: number;
  readonly end: number;
}

/** What the finders see in a text, in order and without overlaps; what overlaps is one finding of the earlier kind. */
export function findAll(finders: readonly Finder[], folded: string): readonly Finding[] {
  let found: Finding[] = [];
  for (const finder of finders) {
    if (finder.hint && !finder.hint.test(folded)) continue;
    for (const match of folded.matchAll(finder.pattern)) {
      if (finder.holds && !finder.holds(match[0])) continue;
      const finding = { finder, start: match.index, end: match.index + match[0].length };
      const touching = found.filter(({ start, end }) => start < finding.end && finding.start < end);
      if (touching.length === 0) found.push(finding);
      else {
        const merged: Finding = {
          finder: (touching[0] as Finding).finder,
          start: Math.min(finding.start, ...touching.map(({ start }) => start)),
          end: Math.max(finding.end, ...touching.map(({ end }) => end)),
        };
        found = [...found.filter((each) => !touching.includes(each)), merged];
      }
    }
  }
  return found.length > 1 ? found.sort((left, right) => left.start - right.start) : found;
}
