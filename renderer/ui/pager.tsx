import { Button } from '@mantine/core';
import { usePreferences } from '../app/preferences.ts';
import { count } from '../format/numbers.ts';
import { useText } from '../i18n/use-text.ts';

interface PagerProps {
  /** From 0. */
  readonly page: number;
  readonly size: number;
  readonly total: number;
  readonly onPage: (page: number) => void;
}

/** The way to the other pages of a list; nothing when there is one only. */
export function Pager({ page, size, total, onPage }: PagerProps) {
  const t = useText('common');
  const language = usePreferences((state) => state.language);
  if (total <= size && page === 0) return null;
  const number = (value: number): string => count(value, language);
  const range = { from: number(page * size + 1), to: number(Math.min((page + 1) * size, total)) };
  return (
    <div className="buttons">
      <Button variant="default" disabled={page === 0} onClick={() => onPage(page - 1)}>
        {t('previousPage')}
      </Button>
      <Button variant="default" disabled={(page + 1) * size >= total} onClick={() => onPage(page + 1)}>
        {t('nextPage')}
      </Button>
      <span>{t('range', { ...range, total: number(total) })}</span>
    </div>
  );
}
