import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { en } from './en.js';

export const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'zh-CN', name: '简体中文' },
] as const;

type Stem<K> = K extends `${infer S}_one` | `${infer S}_other` ? S : K;
/** Every key of the locale; plural forms by their stem. */
export type Key = Stem<keyof typeof en>;
export type Params = { [name: string]: string | number };
export type T = (key: Key, params?: Params) => string;

/** Loads a language that is not English when it is first wanted; it is a chunk of its own. */
async function load(language: string): Promise<void> {
  if (language === 'zh-CN' && !i18next.hasResourceBundle('zh-CN', 'translation')) {
    const { zh, zhFindings } = await import('./zh.js');
    i18next.addResourceBundle('zh-CN', 'translation', zh);
    i18next.addResourceBundle('zh-CN', 'findings', zhFindings);
  }
}

export async function startI18n(language: string): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false, prefix: '{', suffix: '}' },
    returnNull: false,
  });
  if (language !== 'en') await setLanguage(language);
}

export async function setLanguage(language: string): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** The translation function of this render, and the locale for numbers and dates. */
export function useT(): { t: T; locale: string } {
  const { t, i18n } = useTranslation();
  return { t: t as unknown as T, locale: i18n.language };
}
/** For code outside of components. */
export const translate: T = (key, params) => (i18next.t as unknown as T)(key, params);
export const currentLanguage = () => i18next.language;

/** A text whose key is made from data (codes, status names); `fallback` when the locale does not know it. */
export function textOf(t: T, key: string, fallback: string, params?: Params): string {
  return i18next.exists(key) || i18next.exists(`${key}_other`)
    ? (t as unknown as (key: string, params?: Params) => string)(key, params)
    : fallback;
}
