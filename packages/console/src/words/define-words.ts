import i18next from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

type BaseKey<K> = K extends `${infer Base}_one` | `${infer Base}_other` ? Base : K;

/** One page's words in both languages. Chinese has one form of a counted noun, so it needs no `_one`. */
export interface Words<En extends Record<string, string>> {
  readonly name: string;
  readonly en: En;
  readonly zh: { readonly [Key in Exclude<keyof En, `${string}_one`>]: string };
}

/**
 * Words of a page or a part, written beside it. `{{name}}` takes a value, `key_one` / `key_other` follow `count`.
 * The type makes a key that one language lacks a type error.
 */
export function defineWords<const En extends Record<string, string>>(
  name: string,
  en: En,
  zh: { readonly [Key in Exclude<keyof En, `${string}_one`>]: string },
): Words<En> {
  return { name, en, zh };
}

export type Say<En> = (key: BaseKey<keyof En> & string, values?: Readonly<Record<string, string | number>>) => string;

type Translate = (key: string, values: Readonly<Record<string, string | number>>) => string;

const added = new Set<string>();

/** A function that says a word in the reader's language, again when the language is switched. */
export function useWords<En extends Record<string, string>>(words: Words<En>): Say<En> {
  addWords(words);
  const { t, i18n } = useTranslation(words.name);
  const translate = t as unknown as Translate;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `t` may keep its identity when the language is switched
  return useCallback((key, values) => translate(key, { ...values, ns: words.name }), [t, i18n.language, words.name]);
}

/** The same outside a component. */
export function say<En extends Record<string, string>>(words: Words<En>): Say<En> {
  addWords(words);
  const translate = i18next.t as unknown as Translate;
  return (key, values) => translate(key, { ...values, ns: words.name });
}

function addWords<En extends Record<string, string>>(words: Words<En>): void {
  if (added.has(words.name)) return;
  added.add(words.name);
  i18next.addResourceBundle('en', words.name, words.en, true, true);
  i18next.addResourceBundle('zh', words.name, words.zh, true, true);
}
