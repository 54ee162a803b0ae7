import { create } from 'zustand';
import { persist } from 'zustand/middleware';

export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];
/** Each in its own words. */
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', fr: 'Français' };

interface Preferences {
  readonly language: Language;
  /** Shows clock times in UTC; the hint of a time always has both. */
  readonly utc: boolean;
  /** Columns shown in the list of devices. */
  readonly deviceColumns: readonly string[];
  set(change: Partial<Pick<Preferences, 'language' | 'utc' | 'deviceColumns'>>): void;
}

/** What the person in front of this browser likes. */
export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      language: navigator.language.toLowerCase().startsWith('fr') ? 'fr' : 'en',
      utc: false,
      deviceColumns: ['status', 'name', 'id', 'connectors', 'group', 'tags', 'lastContact', 'lastValue'],
      set: (change) => set(change),
    }),
    { name: 'fleetbench.preferences' },
  ),
);
