import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { LoraGatewayState } from '../../../core/contract/lora/state.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { Facts } from '../../ui/facts.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { inDegrees } from '../../ui/map/mercator.ts';
import { PlaceMap } from '../../ui/map/place-map.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { GatewayStatusMark } from './gateway-status.tsx';
import { deleteGateway } from './lora-api.ts';

interface GatewayPanelProps {
  readonly gateway: LoraGatewayState;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}

/** All that is known of a gateway. */
export function GatewayPanel({ gateway, onEdit, onClose }: GatewayPanelProps) {
  const t = useText('lora');
  const common = useText('common');
  const language = usePreferences((state) => state.language);
  const queries = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const { id, name, location, lastContact, statistics = {}, dutyCycle } = gateway;
  const number = (value: number): string => count(value, language);
  return (
    <SidePanel title={name ?? id} onClose={onClose}>
      <GatewayStatusMark status={gateway.status} />
      <div className="buttons">
        <ReasonButton variant="default" needs="DEVICE_W" onClick={onEdit}>
          {common('edit')}
        </ReasonButton>
        <ReasonButton variant="default" needs="DEVICE_W" onClick={() => setDeleting(true)}>
          {common('delete')}
        </ReasonButton>
        <Link to="/lora/frames" search={{ loraText: id } as never} className="link">
          {t('itsFrames')}
        </Link>
        <Link to="/audit" search={{ q: id } as never} className="link">
          {t('itsAudit')}
        </Link>
      </div>
      <Facts
        facts={[
          ['EUI', <IdText key="id" id={id} what="EUI" />],
          [t('registered'), gateway.registered ? t('yes') : t('notRegistered')],
          [
            t('region'),
            gateway.region
              ? `${gateway.region} (${t(`region_${gateway.regionSource ?? 'HEARD'}`)})`
              : t('regionUnknown'),
          ],
          [t('fetches'), gateway.fetchesDownlinks ? t('yes') : t('fetchesNot')],
          [t('lastSeen'), lastContact && <TimeText key="last" time={lastContact} form="full" />],
          [t('receivedLong'), number(gateway.uplinks)],
          [t('sentLong'), number(gateway.downlinks)],
          [t('place'), location && `${inDegrees(location)} (${t(`place_${location.source}`)})`],
          [t('altitude'), location?.alt !== undefined && `${location.alt} m`],
          [t('created'), <TimeText key="created" time={gateway.created} form="full" />],
        ]}
      />
      {location && <PlaceMap places={[{ ...location, name: name ?? id }]} />}
      {dutyCycle.length > 0 && (
        <section>
          <h3>{t('dutyCycle')}</h3>
          <Facts
            facts={dutyCycle.map(({ from, to, share, usedMs, allowedMs }) => [
              `${from}–${to} MHz`,
              share === 1
                ? t('dutyFree', { used: number(usedMs) })
                : t('dutyUsed', {
                    used: number(usedMs),
                    allowed: number(allowedMs),
                    percent: `${number(share * 100)} %`,
                  }),
            ])}
          />
        </section>
      )}
      {Object.keys(statistics).length > 0 && (
        <section>
          <h3>{t('statistics')}</h3>
          <Facts
            facts={Object.entries(statistics).map(([key, value]) => [statisticName(t, key), number(value)])}
          />
        </section>
      )}
      {deleting && (
        <ConfirmDelete
          title={t('deleteTitle', { name: name ?? id })}
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await deleteGateway(id);
            onClose();
            await queries.invalidateQueries({ queryKey: ['lora'] });
          }}
        >
          <p>{t('deleteText')}</p>
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}

const known = ['received', 'receivedOk', 'forwarded', 'acknowledgedPercent', 'downlinks', 'sent'] as const;

function statisticName(t: ReturnType<typeof useText<'lora'>>, key: string): string {
  const found = known.find((name) => name === key);
  return found === undefined ? key : t(`stat_${found}`);
}
