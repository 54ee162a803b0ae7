import { SegmentedControl, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { streamIdPattern } from '../../../core/contract/devices.ts';
import { mqttKind } from '../../../core/contract/interface-kinds/mqtt.ts';
import { useEndpoints } from '../../app/endpoints.tsx';
import { useText } from '../../i18n/use-text.ts';
import { keyPlaceholder } from '../../ui/curl.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { createDeviceKey } from '../access/keys-api.ts';
import { useKeyLack } from '../access/use-key-lack.ts';
import { FirstMessage } from './first-message.tsx';
import { SnippetTabs } from './snippet-tabs.tsx';
import { firstPayload, firstTopic, snippets, transports } from './snippets.ts';

const firstId = 'urn:lo:nsid:demo:my-device';

/** From nothing to a first message of a real device. */
export default function ConnectView() {
  const t = useText('connect');
  const [url, setUrl] = useUrlState();
  const [deviceId, setDeviceId] = useState(url.device ?? firstId);
  const transport = transports.find((name) => name === url.transport) ?? 'mqtt';
  const endpoints = useEndpoints();
  const role = transport === 'http' ? 'DATA_W' : 'DEVICE_ACCESS';
  const keyLack = useKeyLack(role);
  const makeKey = useMutation({
    mutationFn: async () => ({ value: (await createDeviceKey(deviceId, role)).value, role }),
  });
  // A key for one way in has no role for the other.
  const key = makeKey.data?.role === role ? makeKey.data.value : undefined;
  const stream = transport === 'http';
  // As the platform takes it: the device that a client id stands for, and what may be the name of a stream.
  const device = stream ? undefined : mqttKind.autoDeviceId?.(deviceId);
  const valid = stream ? streamIdPattern.test(deviceId) : device !== undefined;
  return (
    <div className="page connect">
      <ViewHeader title={t('title')} />
      <p className="dimmed">{t('intro')}</p>
      <section className="page-part stack">
        <h2>{t('transport')}</h2>
        <div>
          <SegmentedControl
            aria-label={t('transport')}
            data={transports.map((value) => ({ value, label: t(`transport_${value}`) }))}
            value={transport}
            onChange={(next) => setUrl({ transport: next === 'mqtt' ? undefined : next })}
          />
        </div>
        <TextInput
          label={t(stream ? 'streamId' : 'deviceId')}
          description={
            stream
              ? t('httpNote')
              : device === undefined || device === deviceId
                ? t('deviceIdHint')
                : t('deviceOfClient', { device })
          }
          value={deviceId}
          error={!valid && t(stream ? 'streamIdBad' : 'deviceIdBad')}
          onChange={(event) => setDeviceId(event.currentTarget.value.trim())}
          classNames={{ input: 'mono' }}
          maw={480}
        />
        {transport === 'mqtts' && endpoints.data?.mqtts !== undefined && (
          <p className="dimmed">
            {t('tlsNote')}{' '}
            <a href="/bench/v1/ca.pem" download="ca.pem" className="link">
              {t('tlsFile')}
            </a>
          </p>
        )}
      </section>
      <section className="page-part">
        <h2>{t('keyTitle')}</h2>
        <p className="dimmed">{t('keyText')}</p>
        <div className="buttons">
          <ReasonButton
            why={keyLack}
            variant={key === undefined ? 'filled' : 'default'}
            leftSection={<IconKey size={14} aria-hidden />}
            loading={makeKey.isPending}
            onClick={() => makeKey.mutate()}
          >
            {t('makeKey')}
          </ReasonButton>
          <span role="status">{key !== undefined && t('keyMade')}</span>
        </div>
        <ActionError error={makeKey.error} />
      </section>
      <section className="page-part">
        <h2>{t('lines')}</h2>
        <QueryView query={endpoints} rows={4}>
          {(addresses) => {
            const address = addresses[transport];
            if (address === undefined) return <p>{t('transportOff')}</p>;
            // Lines that the platform would refuse are not offered for copying.
            if (!valid) return <p role="status">{t('linesLater')}</p>;
            const parts = { transport, url: address, clientId: deviceId, streamId: deviceId };
            const message = { key: key ?? keyPlaceholder, topic: firstTopic, payload: firstPayload };
            return <SnippetTabs key={transport} all={snippets({ ...parts, ...message })} />;
          }}
        </QueryView>
      </section>
      {valid && (
        <FirstMessage key={`${transport} ${deviceId}`} deviceId={device ?? deviceId} stream={stream} />
      )}
    </div>
  );
}
