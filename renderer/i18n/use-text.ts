import { useTranslation } from 'react-i18next';
import type { resources } from './resources.ts';

/** `t` for the texts of one area. */
export function useText<Area extends keyof (typeof resources)['en']>(area: Area) {
  return useTranslation(area).t;
}
