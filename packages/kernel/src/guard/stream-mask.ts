/**
 * Masks text that comes in pieces. No more is held back than might still turn out to be part of something to mask: the
 * last word, or the last digits with what separates them.
 */
import { type Finder, type Finding, findAll, foldWidth } from './finders.ts';

export interface StreamMask {
  /** @returns What may be shown now. */
  push(text: string): string;
  /** @returns The rest; nothing comes after it. */
  end(): string;
}

export interface StreamMaskOptions {
  readonly finders: readonly Finder[];
  /** Called once for each finding, in order; what it throws ends the stream. */
  readonly replace: (finder: Finder, value: string) => string;
  /** Characters at the end of all pushed so far that something else wants held. */
  readonly alsoHeld?: () => number;
}

/** What was shown stays at hand for so long, as patterns look at what stands before. */
const contextCharacters = 80;
/** Longest text held; what is longer and looks like a secret is masked before its end is known. */
const mostHeld = 8_192;
const longestAddress = 320;
const longestNumber = 64;

const isWord = (code: number) =>
  (code >= 48 && code <= 57) ||
  (code >= 65 && code <= 90) ||
  (code >= 97 && code <= 122) ||
  code === 95 || // _
  code === 46 || // .
  code === 43 || // +
  code === 45 || // -
  code === 64; // @

/** Digits and what may stand between them: blank ( ) + - . */
const isNumeric = (code: number) =>
  (code >= 48 && code <= 57) || code === 32 || code === 40 || code === 41 || code === 43 || code === 45 || code === 46;

/** Neither blank nor CJK: what a key or password is written with. Full-width letters and digits count, marks do not. */
const isDense = (code: number) =>
  (code > 32 && code !== 0xa0 && (code < 0x2e80 || code > 0x9fff) && code < 0xff00) ||
  (code >= 0xff10 && code <= 0xff19) ||
  (code >= 0xff21 && code <= 0xff3a) ||
  (code >= 0xff41 && code <= 0xff5a);

function backWhile(text: string, from: number, most: number, holds: (code: number) => boolean): number {
  let at = text.length;
  const least = Math.max(from, text.length - most);
  while (at > least && holds(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** Where what may still become personal data begins. */
function openPersonal(text: string, from: number): number {
  const word = backWhile(text, from, longestAddress, isWord);
  let number = backWhile(text, from, longestNumber, isNumeric);
  while (number < text.length && !/[\d+(]/.test(text[number] as string)) number += 1;
  return Math.min(word, number);
}

/** Where what may still become a secret begins. */
function openSecret(text: string, from: number): number {
  const header = /-----BEGIN [A-Z ]{0,60}-{0,5}$/.exec(text.slice(Math.max(from, text.length - 80)));
  const dense = backWhile(text, from, mostHeld, isDense);
  return header ? Math.min(dense, text.length - header[0].length) : dense;
}

export function maskStream({ finders, replace, alsoHeld = () => 0 }: StreamMaskOptions): StreamMask {
  const hasPersonal = finders.some((finder) => finder.class === 'pii');
  const hasSecrets = finders.some((finder) => finder.class === 'secrets');
  let context = '';
  let held = '';
  /** Set while the rest of something masked early goes by. */
  let swallowing: Finder | null = null;

  function masked(all: string, from: number, to: number, findings: readonly Finding[]): string {
    let shown = '';
    let at = from;
    for (const { finder, start, end } of findings) {
      if (end <= from) continue;
      if (start >= to) break;
      shown += all.slice(at, Math.max(at, start)) + replace(finder, all.slice(start, end));
      at = end;
    }
    return at < to ? shown + all.slice(at, to) : shown;
  }

  function keep(all: string, to: number, shown: string): string {
    held = all.slice(to);
    context = all.slice(Math.max(0, to - contextCharacters), to);
    return shown;
  }

  function release(isLast: boolean): string {
    if (held === '') return '';
    const all = context + held;
    const from = context.length;
    const folded = foldWidth(all);
    const findings = findAll(finders, folded);
    let to = all.length;
    if (!isLast) {
      to = Math.min(to, Math.max(from, all.length - alsoHeld()));
      if (hasPersonal) to = Math.min(to, openPersonal(folded, from));
      if (hasSecrets) to = Math.min(to, openSecret(all, from));
      for (let at = findings.length - 1; at >= 0; at -= 1) {
        const { start, end } = findings[at] as Finding;
        if (start < to && (end > to || end === all.length)) to = Math.max(from, start);
      }
      if (all.length - to > mostHeld) {
        const last = findings.at(-1);
        if (last && last.end === all.length) {
          const shown = masked(all, from, all.length, findings);
          swallowing = last.finder;
          return keep(all.slice(-contextCharacters), Math.min(contextCharacters, all.length), shown);
        }
        to = all.length - mostHeld / 2;
        for (const { start, end } of findings) if (start < to && end > to) to = end;
      }
    }
    if (to <= from) return '';
    return keep(all, to, masked(all, from, to, findings));
  }

  /** Drops the rest of what was masked before it ended. */
  function afterSwallowed(text: string): string {
    if (!swallowing) return text;
    const isBlock = swallowing.kind === 'private key';
    const all = isBlock ? held + text : text;
    const end = isBlock ? /-----END [A-Z ]{0,40}-----/.exec(all) : /[^\w.+/=~-]/.exec(all);
    if (!end) {
      held = isBlock ? all.slice(-64) : '';
      return '';
    }
    swallowing = null;
    held = '';
    context = '';
    return all.slice(isBlock ? end.index + end[0].length : end.index);
  }

  return {
    push(text) {
      const fresh = afterSwallowed(text);
      if (fresh === '') return '';
      held += fresh;
      return release(false);
    },
    end() {
      if (swallowing) {
        held = '';
        return '';
      }
      return release(true);
    },
  };
}
