import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import type { DeviceTabProps } from './device-tab-props.ts';

/** The device as the API answers it. */
export default function DeviceJsonTab({ device }: DeviceTabProps) {
  const t = useText('devices');
  return <CodeBlock text={JSON.stringify(device, null, 2)} what={t('json')} />;
}
