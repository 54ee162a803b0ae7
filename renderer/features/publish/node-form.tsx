import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { useText } from '../../i18n/use-text.ts';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { firstTopic } from '../connect/snippets.ts';
import { nodeDataTopic } from '../connectors/connector-lines.ts';
import { sendOnce } from '../simulators/simulators-api.ts';
import { useSimulated } from '../simulators/use-simulated.ts';
import { NodeLines } from './node-lines.tsx';

interface NodeFormProps {
  readonly device: DeviceJson;
  readonly nodeId: string;
  /** To begin editing from. */
  readonly payload: string;
}

/** Data of a device behind an external connector: over the simulated one, or as lines for one's own. */
export function NodeForm({ device, nodeId, payload: given }: NodeFormProps) {
  const t = useText('publish');
  const simulated = useSimulated(device, nodeId);
  const [payload, setPayload] = useState(given);
  const publish = useMutation({
    mutationFn: async () => {
      if (simulated) await sendOnce(simulated.fleetId, simulated.number, { topic: firstTopic, payload });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    publish.mutate();
  };
  return (
    <>
      <form className="stack" onSubmit={submit}>
        <p className="flat dimmed">{t('overConnector')}</p>
        <p className="flat mono break">{nodeDataTopic(nodeId)}</p>
        <JsonEditor label={t('payload')} value={payload} onChange={setPayload} height={80} />
        {simulated ? (
          <div className="buttons">
            <ReasonButton type="submit" needs="DEVICE_W" loading={publish.isPending}>
              {t('publish')}
            </ReasonButton>
            <span role="status" className="dimmed">
              {publish.isSuccess && t('nodeSent')}
            </span>
          </div>
        ) : (
          <p className="flat dimmed">{t('nodeNotHere')}</p>
        )}
        <ActionError error={publish.error} />
      </form>
      <NodeLines nodeId={nodeId} topic={firstTopic} payload={payload} simulated={simulated} open />
    </>
  );
}
