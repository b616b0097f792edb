/**
 * The policy of an app or of the whole node on what passes in and out: denied phrases stop a run, personal data and
 * secrets are masked or stop it. Patterns with check digits where there are any: a fence, not a proof.
 */
import { MyriadError } from '@myriad/contracts';
import { type Finder, findAll, foldWidth, personal, secret } from './finders.ts';
import { createMaskTokens } from './mask-tokens.ts';
import { compilePhrases, type PhraseTree, readPhrases } from './phrases.ts';
import { maskStream, type StreamMask } from './stream-mask.ts';

export interface GuardPolicy {
  readonly pii: 'allow' | 'mask' | 'block';
  readonly secrets: 'allow' | 'mask' | 'block';
  readonly deny: readonly string[];
}

/** Whose text it is. `material` (documents, results of tools) is masked where a person's words would be refused. */
export type GuardedSource = 'message' | 'answer' | 'material';

/** How many of what were masked: kinds and counts, never values. */
export type Tally = Record<string, number>;

/** The guard of one run: its masks are stable within the run. */
export interface Guard {
  /** @throws MyriadError `policy_blocked` that names the kind of thing found, never the thing. */
  clean(text: string, source: GuardedSource, tally: Tally): string;
  /** Every text and number within a JSON value. */
  cleanValue(value: unknown, source: GuardedSource, tally: Tally): unknown;
  /** JSON text, such as a tool call's arguments: the result is JSON again when it was. */
  cleanJson(json: string, source: GuardedSource, tally: Tally): string;
  /** An answer that comes in pieces. */
  stream(tally: Tally): StreamMask;
}

const rank = { allow: 0, mask: 1, block: 2 } as const;
const stricter = <Mode extends keyof typeof rank>(left: Mode, right: Mode): Mode =>
  rank[left] >= rank[right] ? left : right;

/** Both policies at once: the stricter word of each. */
export function strictest(left: GuardPolicy, right: GuardPolicy | undefined): GuardPolicy {
  if (!right) return left;
  return {
    pii: stricter(left.pii, right.pii),
    secrets: stricter(left.secrets, right.secrets),
    deny: joined(left.deny, right.deny),
  };
}

const lists = new WeakMap<readonly string[], WeakMap<readonly string[], readonly string[]>>();

/** Both lists as one, the same one each time, so that its phrases are compiled once. */
function joined(left: readonly string[], right: readonly string[]): readonly string[] {
  if (right.length === 0) return left;
  if (left.length === 0) return right;
  let known = lists.get(left);
  if (!known) {
    known = new WeakMap();
    lists.set(left, known);
  }
  let list = known.get(right);
  if (!list) {
    list = [...left, ...right];
    known.set(right, list);
  }
  return list;
}

const trees = new WeakMap<readonly string[], PhraseTree>();

function treeOf(phrases: readonly string[]): PhraseTree | null {
  if (phrases.length === 0) return null;
  let tree = trees.get(phrases);
  if (!tree) {
    tree = compilePhrases(phrases);
    trees.set(phrases, tree);
  }
  return tree;
}

const a = (kind: string) => (/^[aeio]/.test(kind) ? `an ${kind}` : `a ${kind}`);

/** @returns null when the policy allows everything: then nothing is looked at. */
export function createGuard(policy: GuardPolicy): Guard | null {
  const finders: Finder[] = [];
  if (policy.secrets !== 'allow') finders.push(...secret);
  if (policy.pii !== 'allow') finders.push(...personal);
  const phrases = treeOf(policy.deny);
  if (finders.length === 0 && !phrases) return null;
  const tokens = createMaskTokens();

  function blocked(source: GuardedSource, kind: string): MyriadError {
    const words =
      source === 'message'
        ? `The message holds ${a(kind)}, which the policy does not let in.`
        : `The answer holds ${a(kind)}, which the policy does not let out.`;
    return new MyriadError('policy_blocked', words, { facts: { found: kind, in: source } });
  }

  function replacer(source: GuardedSource, tally: Tally) {
    return (finder: Finder, value: string): string => {
      if (policy[finder.class] === 'block' && source !== 'material') throw blocked(source, finder.kind);
      tally[finder.kind] = (tally[finder.kind] ?? 0) + 1;
      return tokens.tokenOf(finder.kind, foldWidth(value));
    };
  }

  function clean(text: string, source: GuardedSource, tally: Tally): string {
    if (text === '') return text;
    if (phrases && readPhrases(phrases).push(text)) {
      if (source !== 'material') throw blocked(source, 'denied phrase');
      tally['denied phrase'] = (tally['denied phrase'] ?? 0) + 1;
      return '[withheld: denied phrase]';
    }
    if (finders.length === 0) return text;
    const findings = findAll(finders, foldWidth(text));
    if (findings.length === 0) return text;
    const replace = replacer(source, tally);
    let result = '';
    let at = 0;
    for (const { finder, start, end } of findings) {
      result += text.slice(at, start) + replace(finder, text.slice(start, end));
      at = end;
    }
    return result + text.slice(at);
  }

  function cleanValue(value: unknown, source: GuardedSource, tally: Tally): unknown {
    if (typeof value === 'string') return clean(value, source, tally);
    if (typeof value === 'number') {
      const text = String(value);
      const cleaned = clean(text, source, tally);
      return cleaned === text ? value : cleaned;
    }
    if (Array.isArray(value)) return value.map((item) => cleanValue(item, source, tally));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [clean(key, source, tally), cleanNamed(key, item, source, tally)]),
    );
  }

  /** A secret is often told by its field's name alone. */
  function cleanNamed(key: string, item: unknown, source: GuardedSource, tally: Tally): unknown {
    if (typeof item !== 'string' || policy.secrets === 'allow') return cleanValue(item, source, tally);
    const prefix = `${key}: `;
    const cleaned = clean(prefix + item, source, tally);
    return cleaned.startsWith(prefix) ? cleaned.slice(prefix.length) : clean(item, source, tally);
  }

  return {
    clean,
    cleanValue,
    cleanJson(json, source, tally) {
      let value: unknown;
      try {
        value = JSON.parse(json);
      } catch {
        return clean(json, source, tally);
      }
      const before = JSON.stringify(value);
      const after = JSON.stringify(cleanValue(value, source, tally));
      return before === after ? json : after;
    },
    stream(tally) {
      const reader = phrases ? readPhrases(phrases) : null;
      const mask = maskStream({
        finders,
        replace: replacer('answer', tally),
        ...(reader ? { alsoHeld: () => reader.heldCharacters } : {}),
      });
      if (!reader) return mask;
      return {
        push(text) {
          if (reader.push(text)) throw blocked('answer', 'denied phrase');
          return mask.push(text);
        },
        end: () => mask.end(),
      };
    },
  };
}
