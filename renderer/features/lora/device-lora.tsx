import { Button } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import type { DeviceTabProps } from '../devices/device-tab-props.ts';
import { DownlinkQueue } from './downlink-queue.tsx';
import { FrameList } from './frame-list.tsx';
import { useLoraDevice } from './lora-api.ts';
import { NodeFacts } from './node-facts.tsx';
import './lora.css';

/** What the LoRa network knows of a device, what waits for it, and its frames. */
export default function DeviceLora({ device, live, onPanel }: DeviceTabProps) {
  const t = useText('lora');
  const isLora = device.interfaces?.some(({ connector }) => connector === 'lora');
  const query = useLoraDevice(device.id);
  if (!isLora) {
    return (
      <EmptyState
        title={t('noInterface')}
        action={<Button onClick={() => onPanel('add-interface')}>{t('addInterface')}</Button>}
      >
        {t('noInterfaceText')}
      </EmptyState>
    );
  }
  return (
    <div className="list-view">
      <QueryView query={query} rows={8}>
        {({ interfaces }) =>
          interfaces.map((node) => (
            <div key={node.devEUI} className="lora-node">
              <NodeFacts node={node} onEdit={() => onPanel('interface', `lora:${node.devEUI}`)} />
              <DownlinkQueue node={node} deviceId={device.id} />
            </div>
          ))
        }
      </QueryView>
      <h3 className="lora-frames-title">{t('title_frames')}</h3>
      <FrameList key={device.id} deviceId={device.id} live={live} />
    </div>
  );
}
