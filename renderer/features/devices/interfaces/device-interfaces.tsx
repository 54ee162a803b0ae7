import { IconPlus } from '@tabler/icons-react';
import { findInterfaceKind } from '../../../../core/contract/interface-kinds/index.ts';
import { useText } from '../../../i18n/use-text.ts';
import { CodeBlock } from '../../../ui/code-block.tsx';
import { ReasonButton } from '../../../ui/reason-button.tsx';
import { EmptyState } from '../../../ui/view-states.tsx';
import { CentreNotice } from '../../sms/centre-state.tsx';
import { SmsActivity } from '../../sms/sms-activity.tsx';
import type { DeviceTabProps } from '../device-tab-props.ts';
import { InterfaceActions } from './interface-actions.tsx';
import { InterfaceDebug } from './interface-debug.tsx';
import { InterfaceSummary } from './interface-summary.tsx';
import { interfaceId, interfacePath } from './interfaces-api.ts';

export default function DeviceInterfaces({ device, onPanel }: DeviceTabProps) {
  const t = useText('interfaces');
  const all = device.interfaces ?? [];
  const add = (
    <ReasonButton
      needs="DEVICE_W"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => onPanel('add-interface')}
    >
      {t('add')}
    </ReasonButton>
  );
  if (all.length === 0) {
    return (
      <EmptyState title={t('none')} action={add}>
        {t('noneText')}
      </EmptyState>
    );
  }
  return (
    <div className="page-part stack">
      <div className="buttons">{add}</div>
      {all.map((each) => {
        const secrets = findInterfaceKind(each.connector)?.secrets ?? [];
        return (
          <section key={interfaceId(each)} className="interface" aria-label={interfaceId(each)}>
            <div>
              <InterfaceSummary device={device.id} each={each} />
              {each.connector === 'sms' && <CentreNotice />}
              <InterfaceActions
                deviceId={device.id}
                each={each}
                onPanel={(panel) => onPanel(panel, interfaceId(each))}
              />
              {findInterfaceKind(each.connector)?.debuggable && (
                <InterfaceDebug
                  path={interfacePath(device.id, interfaceId(each))}
                  connector={each.connector}
                />
              )}
            </div>
            <div>
              <h3>{t('definition')}</h3>
              <CodeBlock text={JSON.stringify(each.definition, null, 2)} what={t('definition')} wrap />
              {secrets.length > 0 && (
                <p className="dimmed">{t('secretsNote', { names: secrets.join(', ') })}</p>
              )}
            </div>
            <div>
              <h3>{t('activity')}</h3>
              {each.connector === 'sms' && <SmsActivity activity={each.activity} />}
              {Object.keys(each.activity).length === 0 ? (
                <p className="dimmed">{t('noActivity')}</p>
              ) : (
                <CodeBlock text={JSON.stringify(each.activity, null, 2)} what={t('activity')} wrap />
              )}
            </div>
          </section>
        );
      })}
    </div>
  );
}
