import { IconKey } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { EndpointsView } from '../../../core/contract/bench.ts';
import { platformOrigin } from '../../api/client.ts';
import { useEndpoints } from '../../app/endpoints.tsx';
import { useText } from '../../i18n/use-text.ts';
import { curl, keyPlaceholder } from '../../ui/curl.ts';
import { compactJson } from '../../ui/json-fault.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { createDeviceKey } from '../access/keys-api.ts';
import { useKeyLack } from '../access/use-key-lack.ts';
import { SnippetTabs } from '../connect/snippet-tabs.tsx';
import { firstTopic, type Snippet, snippets } from '../connect/snippets.ts';
import { simulatedDeviceUrl } from '../simulators/simulators-api.ts';

interface PublishLinesProps {
  readonly publication: {
    readonly clientId: string;
    readonly streamId: string;
    readonly topic: string;
    readonly payload: string;
  };
  /** The simulator's end of the device, when it is connected. */
  readonly simulated: { readonly fleetId: string; readonly number: number } | undefined;
  /** Empty: none was entered. */
  readonly apiKey: string;
  readonly onKey: (key: string) => void;
  /** Open from the start. */
  readonly open?: boolean;
}

/** The same publication as lines to paste, with the addresses that listen. */
export function PublishLines({ publication, simulated, apiKey, onKey, open = false }: PublishLinesProps) {
  const t = useText('publish');
  const endpoints = useEndpoints();
  const keyLack = useKeyLack('DEVICE_ACCESS');
  const makeKey = useMutation({
    mutationFn: () => createDeviceKey(publication.clientId, 'DEVICE_ACCESS'),
    onSuccess: ({ value }) => onKey(value ?? ''),
  });
  const keyNote = (role: string): string => t('keyNote', { role, placeholder: keyPlaceholder });
  const { topic } = publication;
  const parts = { ...publication, payload: compactJson(publication.payload) };

  const linesFor = ({ mqtt, mqtts, http }: EndpointsView): Snippet[] => {
    const url = mqtt ?? mqtts;
    const overMqtt =
      url === undefined
        ? []
        : snippets({ ...parts, url, transport: mqtt ? 'mqtt' : 'mqtts', key: apiKey || keyPlaceholder });
    const note = [simulated && t('takesOver'), apiKey === '' && keyNote('DEVICE_ACCESS')]
      .filter(Boolean)
      .join(' ');
    const lines = overMqtt.map((snippet) => ({ ...snippet, note }));
    if (simulated) return [...lines, simulatorLine(simulated)];
    if (http === undefined || topic !== firstTopic) return lines;
    const byHttp = snippets({ ...parts, url: http, transport: 'http', key: keyPlaceholder });
    return [
      ...lines,
      ...byHttp.map((snippet) => ({ ...snippet, note: `${t('curlNote')} ${keyNote('DATA_W')}` })),
    ];
  };
  const simulatorLine = ({ fleetId, number }: { fleetId: string; number: number }): Snippet => ({
    name: 'curl',
    text: curl('POST', `${platformOrigin()}${simulatedDeviceUrl(fleetId, number)}/send`, {
      topic,
      payload: parts.payload,
    }),
    note: `${t('curlSimulator')} ${keyNote('DEVICE_W')}`,
  });

  return (
    <details className="disclosure" open={open}>
      <summary>{t('lines')}</summary>
      <QueryView query={endpoints} rows={3}>
        {(addresses) => <SnippetTabs all={linesFor(addresses)} />}
      </QueryView>
      <div className="buttons">
        {apiKey === '' && (
          <ReasonButton
            variant="default"
            why={keyLack}
            loading={makeKey.isPending}
            leftSection={<IconKey size={14} aria-hidden />}
            onClick={() => makeKey.mutate()}
          >
            {t('makeKey')}
          </ReasonButton>
        )}
        <span role="status" className="dimmed">
          {makeKey.data?.value !== undefined && makeKey.data.value === apiKey && t('keyShown')}
        </span>
      </div>
      <ActionError error={makeKey.error} />
    </details>
  );
}
