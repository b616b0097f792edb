import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';

export type Language = 'en' | 'zh';

const storageKey = 'myriad.language';

/** The language kept from before, else the browser's, else the node's. */
export function firstLanguage(kept: string | null, preferred: readonly string[], node: Language): Language {
  if (kept === 'en' || kept === 'zh') return kept;
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return 'zh';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return node;
}

/** Starts the words before the first render; bundles are added by the pages as they load. */
export function startLanguage(): void {
  initWords(firstLanguage(keptLanguage(), navigator.languages ?? [], 'en'));
  applyToDocument(currentLanguage());
}

/** Makes the words ready in a language, without touching the document. */
export function initWords(language: Language): void {
  i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    initAsync: false,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  });
}

export function currentLanguage(): Language {
  return i18next.language === 'zh' ? 'zh' : 'en';
}

/** Switches at once and keeps the choice; no page is reloaded, so nothing typed is lost. */
export function switchLanguage(language: Language): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // Storage may be closed; the choice then lasts for this visit.
  }
  applyToDocument(language);
  void i18next.changeLanguage(language);
}

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language === 'zh' ? 'zh' : 'en';
}

/** `en` becomes the node's language when neither the reader nor the browser chose. */
export function followNodeLanguage(node: Language): void {
  const chosen = firstLanguage(keptLanguage(), navigator.languages ?? [], node);
  if (chosen === currentLanguage()) return;
  applyToDocument(chosen);
  void i18next.changeLanguage(chosen);
}

function keptLanguage(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function applyToDocument(language: Language): void {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}
