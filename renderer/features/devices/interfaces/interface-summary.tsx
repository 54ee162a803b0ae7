import { Link } from '@tanstack/react-router';
import type { InterfaceJson } from '../../../../core/contract/interfaces.ts';
import { useText } from '../../../i18n/use-text.ts';
import { deviceHref } from '../../../ui/id-text.tsx';
import { InterfaceStatusMark } from '../../../ui/interface-status.tsx';
import { TimeText } from '../../../ui/time-text.tsx';

const capabilities = ['command', 'configuration', 'resource', 'twin'] as const;

/** What of an interface matters at a glance. */
export function InterfaceSummary({ device, each }: { device: string; each: InterfaceJson }) {
  const t = useText('devices');
  const common = useText('common');
  const able = capabilities.filter((name) => each.capabilities[name].available);
  return (
    <div className="interface-summary">
      <div className="inline">
        <Link to={deviceHref(device)} search={{ tab: 'interfaces' } as never} className="link">
          {each.connector}
        </Link>
        <InterfaceStatusMark status={each.status} />
        {!each.enabled && <span>{t('disabled')}</span>}
      </div>
      <dl className="facts">
        <div>
          <dt>{t('node')}</dt>
          <dd className="mono break">{each.nodeId}</dd>
        </div>
        <div>
          <dt>{t('lastContact')}</dt>
          <dd>
            {each.lastContact === undefined ? (
              common('never')
            ) : (
              <TimeText time={each.lastContact} form="relative" />
            )}
          </dd>
        </div>
        <div>
          <dt>{t('capabilities')}</dt>
          <dd>
            {able.length === 0 ? t('noCapabilities') : able.map((name) => t(`capability_${name}`)).join(', ')}
          </dd>
        </div>
      </dl>
    </div>
  );
}
