import i18next, { type TFunction } from 'i18next';
import { usePreferences } from '../app/preferences.ts';
import type { resources } from './resources.ts';

type Area = keyof (typeof resources)['en'];

const texts = new Map<string, unknown>();

/**
 * `t` for the texts of one area, the same function as long as the language is. All texts come with the program, so
 * nothing is waited for: a list has this at every cell, and pays for one subscription to the language and no more.
 */
export function useText<Name extends Area>(area: Name): TFunction<Name> {
  const language = usePreferences((state) => state.language);
  const place = `${language} ${area}`;
  let text = texts.get(place);
  if (text === undefined) {
    text = i18next.getFixedT(language, area);
    texts.set(place, text);
  }
  return text as TFunction<Name>;
}
