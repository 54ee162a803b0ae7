import type { DeviceJson } from '../../../core/contract/devices.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { InterfaceSummary } from './interface-summary.tsx';

export function DeviceInterfaces({ device }: { device: DeviceJson }) {
  const t = useText('devices');
  if (!device.interfaces?.length) return <p className="dimmed">{t('noInterfaces')}</p>;
  return (
    <div className="page-part">
      {device.interfaces.map((each) => (
        <section key={`${each.connector} ${each.nodeId}`} className="interface">
          <InterfaceSummary device={device.id} each={each} />
          <div>
            <h3>{t('definition')}</h3>
            <CodeBlock text={JSON.stringify(each.definition, null, 2)} what={t('definition')} wrap />
          </div>
          <div>
            <h3>{t('interfaceActivity')}</h3>
            <CodeBlock text={JSON.stringify(each.activity, null, 2)} what={t('interfaceActivity')} wrap />
          </div>
        </section>
      ))}
    </div>
  );
}
