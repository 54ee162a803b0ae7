import i18next from 'i18next';
import { usePreferences } from '../app/preferences.ts';
import { resources } from './resources.ts';

/** Large numbers have a plural form of their own in French; they read the same here. */
function withMany(texts: Record<string, string>): Record<string, string> {
  const many = Object.entries(texts)
    .filter(([key]) => key.endsWith('_other'))
    .map(([key, text]) => [key.replace(/_other$/, '_many'), text]);
  return { ...texts, ...Object.fromEntries(many) };
}

export function startI18n(): void {
  const { language } = usePreferences.getState();
  const fr = Object.fromEntries(Object.entries(resources.fr).map(([area, texts]) => [area, withMany(texts)]));
  void i18next.init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: resources.en, fr },
    defaultNS: 'common',
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  const tell = (next: string): void => {
    document.documentElement.lang = next;
  };
  tell(language);
  usePreferences.subscribe((next, before) => {
    if (next.language === before.language) return;
    tell(next.language);
    void i18next.changeLanguage(next.language);
  });
}
