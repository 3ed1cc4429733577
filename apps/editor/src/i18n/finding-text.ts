import i18next from 'i18next';
import { currentLanguage } from './index.js';
import { schemaText } from './schema-text.js';

type Texts = { readonly [english: string]: string };

const PLACE = /\{(\w+)\}/g;
/** Places whose values are words of the form (a choice, the title of a setting), which have another word in another language. */
const WORDS: ReadonlySet<string> = new Set(['choice', 'setting']);

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/**
 * Puts English sentences into the language of `texts`, which are kept by the English ones; `{name}` in them is a place for a value, and
 * values may hold anything. A sentence that `texts` do not have stays as it is.
 */
export function translator(texts: Texts, wordOf: (english: string) => string): (sentence: string) => string {
  const known = new Map(Object.entries(texts));
  const patterns = Object.keys(texts)
    .filter((english) => english.search(PLACE) >= 0)
    // Where two fit, the one that says more of the sentence itself is meant.
    .sort((a, b) => b.replace(PLACE, '').length - a.replace(PLACE, '').length)
    .map((english) => ({
      english,
      names: Array.from(english.matchAll(PLACE), ([, name]) => name!),
      pattern: new RegExp(
        `^${english
          .split(/\{\w+\}/)
          .map(escaped)
          .join('([^]*)')}$`,
      ),
    }));
  return (sentence) => {
    const plain = known.get(sentence);
    if (plain !== undefined) return plain;
    for (const { english, names, pattern } of patterns) {
      const values = pattern.exec(sentence)?.slice(1);
      if (values === undefined) continue;
      return known.get(english)!.replace(PLACE, (_all, name: string) => {
        const value = values[names.indexOf(name)]!;
        return WORDS.has(name) ? (known.get(value) ?? wordOf(value)) : value;
      });
    }
    return sentence;
  };
}

let made: { texts: Texts; translate: (sentence: string) => string } | undefined;

/** What an operator found in its settings, in the reader's language; the English sentence when the locale has no other. */
export function findingText(sentence: string, locale: string): string {
  const texts = i18next.getResourceBundle(currentLanguage(), 'findings') as Texts | undefined;
  if (texts === undefined) return sentence;
  if (made?.texts !== texts) made = { texts, translate: translator(texts, (word) => schemaText(word, locale)) };
  return made.translate(sentence);
}
