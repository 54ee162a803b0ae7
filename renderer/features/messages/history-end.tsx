import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { TimeText } from '../../ui/time-text.tsx';

interface HistoryEndProps {
  /** How far back the list reaches; undefined: nothing is stored. */
  readonly backTo: string | undefined;
  /** Asks for what is older; undefined: there is nothing older. */
  readonly onOlder: (() => void) | undefined;
  readonly looking: boolean;
  /** Of refused publications alone. */
  readonly refused: boolean;
}

/** Says which part of all messages a list is of, and looks further back. */
export const HistoryEnd = memo(function HistoryEnd({ backTo, onOlder, looking, refused }: HistoryEndProps) {
  const t = useText('messages');
  if (refused) {
    return (
      <p className="history-end">
        <span>{t('refusedKept')}</span>
        <Link to="/audit" className="link">
          {t('toAudit')}
        </Link>
      </p>
    );
  }
  if (backTo === undefined) return null;
  return (
    <p className="history-end" role="status">
      <span>
        {onOlder ? t('backTo') : t('backToAll')} <TimeText time={backTo} form="full" />
      </span>
      {onOlder && (
        <Button
          variant="default"
          loading={looking}
          leftSection={<IconHistory size={14} aria-hidden />}
          onClick={onOlder}
        >
          {t('older')}
        </Button>
      )}
    </p>
  );
});
