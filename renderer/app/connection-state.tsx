import { Button, Popover, UnstyledButton } from '@mantine/core';
import { useText } from '../i18n/use-text.ts';
import { useLive, useLiveParts } from '../live/live.tsx';
import { StatusMark } from '../ui/status-mark.tsx';

const tones = { open: 'ok', connecting: 'quiet', waiting: 'bad' } as const;

/** Whether this window is told what happens, and why not. */
export function ConnectionState() {
  const t = useText('shell');
  const connection = useLive((snapshot) => snapshot.connection);
  const { client } = useLiveParts();
  const word = t(`live_${connection.state}`);
  return (
    <Popover position="bottom-end" withArrow width={280}>
      <Popover.Target>
        <UnstyledButton className="header-button" data-live={connection.state}>
          <span role="status">
            <StatusMark tone={tones[connection.state]} word={word} />
          </span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        {connection.state === 'waiting' ? (
          <>
            <p className="flat">
              {t('liveWaitingHint', {
                reason: connection.reason || t('liveLost', { code: connection.code }),
              })}
            </p>
            <Button mt="xs" variant="default" onClick={() => client.retryNow()}>
              {t('retryNow')}
            </Button>
          </>
        ) : (
          <p className="flat">{connection.state === 'open' ? t('liveOpenHint') : word}</p>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
