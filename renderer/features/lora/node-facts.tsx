import { Link } from '@tanstack/react-router';
import type { LoraNodeState } from '../../../core/contract/lora/state.ts';
import { useText } from '../../i18n/use-text.ts';
import { Facts } from '../../ui/facts.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import { inDegrees } from '../../ui/map/mercator.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { TimeText } from '../../ui/time-text.tsx';

interface NodeFactsProps {
  readonly node: LoraNodeState;
  /** Opens the definition of the interface. */
  readonly onEdit: () => void;
}

/** Definition, session and radio of a LoRa interface. */
export function NodeFacts({ node, onEdit }: NodeFactsProps) {
  const t = useText('lora');
  const { profile, plan, session, pendingDevAddr, battery, place } = node;
  const level = battery?.level;
  return (
    <>
      <section aria-label={t('definition')}>
        <h3>{t('definition')}</h3>
        <Facts
          facts={[
            ['DevEUI', <IdText key="eui" id={node.devEUI} what="DevEUI" />],
            [t('status'), <InterfaceStatusMark key="status" status={node.status} />],
            [t('profile'), profile.known ? profile.name : t('profileUnknown', { name: profile.name })],
            [t('deviceClass'), profile.deviceClass],
            [t('region'), profile.region],
            [t('plan'), plan ? (plan.id ?? t('planOptions')) : t('planUnknown')],
            [t('planBounds'), plan && t('planText', plan)],
            [
              t('battery'),
              level === undefined
                ? battery && t('batteryAsked')
                : level === 0
                  ? t('batteryExternal')
                  : level === 255
                    ? t('batteryUnknown')
                    : t('batteryLevel', { level, percent: Math.round(((level - 1) / 253) * 100) }),
            ],
            [
              t('place'),
              place && (
                <Link key="place" to="/lora/map" className="link">
                  {inDegrees(place)} ({t(`at_${place.source}`, { meters: place.accuracy })})
                </Link>
              ),
            ],
          ]}
        />
        <ReasonButton needs="DEVICE_W" variant="default" onClick={onEdit}>
          {t('editDefinition')}
        </ReasonButton>
      </section>
      <section aria-label={t('session')}>
        <h3>{t('session')}</h3>
        {!session && (
          <p className="dimmed">{pendingDevAddr === undefined ? t('noSession') : t('sessionPending')}</p>
        )}
        <Facts
          facts={[
            ['DevAddr', session && <IdText key="addr" id={session.devAddr} what="DevAddr" />],
            [t('nextDevAddr'), pendingDevAddr],
            [t('fCntUp'), session && (session.fCntUp ?? t('none'))],
            [t('fCntDown'), session?.fCntDown],
            [t('windows'), session?.windows.map((window) => windowText(t, window)).join('; ')],
            [t('joins'), node.joins],
          ]}
        />
      </section>
      <RadioFacts node={node} />
    </>
  );
}

function RadioFacts({ node: { lastUplink, adr } }: { node: LoraNodeState }) {
  const t = useText('lora');
  return (
    <section aria-label={t('radio')}>
      <h3>{t('radio')}</h3>
      {!lastUplink && <p className="dimmed">{t('noUplink')}</p>}
      <Facts
        facts={[
          [t('lastUplink'), lastUplink && <TimeText key="last" time={lastUplink.time} form="relative" />],
          [t('dataRate'), lastUplink && `DR${lastUplink.dataRate} ${lastUplink.modulation ?? ''}`],
          [t('frequency'), lastUplink && `${lastUplink.frequency} MHz`],
          [t('heardByShort'), lastUplink && <HeardBy key="heard" heardBy={lastUplink.heardBy} />],
          ['ADR', adr && t(`adr_${adr.state}`, { uplinks: adr.uplinks, needed: adr.needed })],
          [t('adrAsked'), adr?.asked && t('adrSettings', adr.asked)],
          ['TXPower', adr?.txPower],
          ['NbTrans', adr?.nbTrans],
        ]}
      />
    </section>
  );
}

const HeardBy = ({ heardBy }: Pick<NonNullable<LoraNodeState['lastUplink']>, 'heardBy'>) => (
  <ul className="plain">
    {heardBy.map(({ gatewayId, rssi, snr }) => (
      <li key={gatewayId}>
        <Link to="/lora" search={{ gateway: gatewayId } as never} className="link mono">
          {gatewayId}
        </Link>{' '}
        {rssi} dBm, {snr} dB
      </li>
    ))}
  </ul>
);

type Window = NonNullable<LoraNodeState['session']>['windows'][number];

export function windowText(t: ReturnType<typeof useText<'lora'>>, { name, afterS, ...slot }: Window): string {
  const when = afterS === undefined ? t('alwaysOpen') : t('afterUplink', { count: afterS });
  const where = slot.frequency === undefined ? '' : `, ${slot.frequency} MHz ${slot.modulation ?? ''}`;
  return `${name} ${when}${where}`;
}
