import { platformOrigin } from '../../api/client.ts';
import { useEndpoints } from '../../app/endpoints.tsx';
import { useText } from '../../i18n/use-text.ts';
import { curl, keyPlaceholder } from '../../ui/curl.ts';
import { compactJson } from '../../ui/json-fault.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { SnippetTabs } from '../connect/snippet-tabs.tsx';
import { firstTopic, type Snippet } from '../connect/snippets.ts';
import { nodeDataLine } from '../connectors/connector-lines.ts';
import { simulatedDeviceUrl } from '../simulators/simulators-api.ts';

interface NodeLinesProps {
  readonly nodeId: string;
  /** In the words of MQTT devices, as simulated nodes are told. */
  readonly topic: string;
  readonly payload: string;
  readonly simulated: { readonly fleetId: string; readonly number: number } | undefined;
  /** Open from the start. */
  readonly open?: boolean;
}

/** Data of a node as lines to paste: by an external connector, and by the simulator. */
export function NodeLines({ nodeId, topic, payload: text, simulated, open = false }: NodeLinesProps) {
  const t = useText('publish');
  const endpoints = useEndpoints();
  const payload = compactJson(text);
  const keyNote = (role: string): string => t('keyNote', { role, placeholder: keyPlaceholder });
  return (
    <details className="disclosure" open={open}>
      <summary>{t('lines')}</summary>
      <QueryView query={endpoints} rows={3}>
        {({ mqtts, mqtt }) => {
          const url = mqtts ?? mqtt;
          const all: Snippet[] = [];
          if (url !== undefined && topic === firstTopic) {
            const line = nodeDataLine(url, { nodeId, payload });
            all.push({ name: 'mosquitto_pub', text: line, note: keyNote('CONNECTOR_ACCESS') });
          }
          if (simulated) {
            const path = `${simulatedDeviceUrl(simulated.fleetId, simulated.number)}/send`;
            const line = curl('POST', `${platformOrigin()}${path}`, { topic, payload });
            all.push({ name: 'curl', text: line, note: `${t('curlSimulator')} ${keyNote('DEVICE_W')}` });
          }
          // Another one begins with its own first tab.
          return <SnippetTabs key={all[0]?.name ?? ''} all={all} />;
        }}
      </QueryView>
    </details>
  );
}
