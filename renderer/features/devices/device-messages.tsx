import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { Permitted } from '../../ui/permitted.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { MessageStream } from '../messages/message-stream.tsx';
import type { DeviceTabProps } from './device-tab-props.ts';

export default function DeviceMessages({ device, live }: DeviceTabProps) {
  const t = useText('devices');
  const messages = useText('messages');
  const scope = useMemo(() => ({ deviceId: device.id }), [device.id]);
  return (
    <Permitted needs="DATA_R">
      <MessageStream
        scope={scope}
        live={live}
        empty={(filtered) =>
          filtered ? (
            <EmptyState title={messages('emptyFiltered')}>{messages('emptyFilteredText')}</EmptyState>
          ) : (
            <EmptyState
              title={t('noMessages')}
              action={
                <Button component={Link} to="/connect" search={{ device: device.id } as never}>
                  {t('connectIt')}
                </Button>
              }
            >
              {t('noMessagesText')}
            </EmptyState>
          )
        }
      />
    </Permitted>
  );
}
