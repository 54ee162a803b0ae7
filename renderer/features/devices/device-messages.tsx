import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { Permitted } from '../../ui/permitted.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { rowOfMessage } from '../messages/message-row.ts';
import { MessageStream } from '../messages/message-stream.tsx';
import { useDeviceMessages } from '../messages/messages-api.ts';
import type { DeviceTabProps } from './device-tab-props.ts';

export default function DeviceMessages({ device, live }: DeviceTabProps) {
  const t = useText('devices');
  const messages = useText('messages');
  const query = useDeviceMessages(device.id);
  const before = useMemo(() => query.data?.messages.map(rowOfMessage) ?? [], [query.data]);
  return (
    <Permitted needs="DATA_R">
      <QueryView query={query}>
        {() => (
          <MessageStream
            whole={false}
            live={live}
            before={before}
            empty={(filtered) =>
              filtered ? (
                <EmptyState title={messages('emptyFiltered')} />
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
        )}
      </QueryView>
    </Permitted>
  );
}
