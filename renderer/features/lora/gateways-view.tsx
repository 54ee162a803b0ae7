import { IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { LoraGatewayState } from '../../../core/contract/lora/state.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { inDegrees } from '../../ui/map/mercator.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { ForwarderHint } from './forwarder-hint.tsx';
import { GatewayEditor } from './gateway-editor.tsx';
import { GatewayPanel } from './gateway-panel.tsx';
import { GatewayStatusMark } from './gateway-status.tsx';
import { useGateways } from './lora-api.ts';
import { LoraHeader } from './lora-header.tsx';

const rowKey = ({ id }: LoraGatewayState): string => id;

/** Gateways of the LoRa network: whether each is there, where it is, and what it does. */
export default function GatewaysView() {
  const t = useText('lora');
  const language = usePreferences((state) => state.language);
  const query = useGateways();
  const [url, setUrl] = useUrlState();
  const opened = query.data?.find(({ id }) => id === url.gateway);
  const isNew = url.do === 'create';
  const columns = useColumns(opened !== undefined || isNew);
  const open = (gateway: string | undefined): void => setUrl({ gateway, do: undefined });
  const close = (): void => open(undefined);
  const create = (
    <ReasonButton
      needs="DEVICE_W"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => setUrl({ do: 'create', gateway: undefined })}
    >
      {t('newGateway')}
    </ReasonButton>
  );
  return (
    <div className="list-view">
      <LoraHeader at="gateways" note={query.data && count(query.data.length, language)}>
        {query.data && query.data.length > 0 && create}
      </LoraHeader>
      <div className="list-and-panel">
        <QueryView query={query}>
          {(gateways) =>
            gateways.length === 0 ? (
              <EmptyState title={t('noGateways')} action={create}>
                <ForwarderHint />
              </EmptyState>
            ) : (
              <VirtualTable
                label={t('title_gateways')}
                rows={gateways}
                columns={columns}
                rowKey={rowKey}
                selected={opened?.id}
                onOpen={({ id }) => open(id)}
              />
            )
          }
        </QueryView>
        {isNew && <GatewayEditor onClose={close} onSaved={open} />}
        {url.do === 'edit' && opened && (
          <GatewayEditor key={opened.id} gateway={opened} onClose={() => open(opened.id)} onSaved={open} />
        )}
        {url.do === undefined && opened && (
          <GatewayPanel
            key={opened.id}
            gateway={opened}
            onEdit={() => setUrl({ do: 'edit' })}
            onClose={close}
          />
        )}
      </div>
    </div>
  );
}

function useColumns(narrow: boolean): Column<LoraGatewayState>[] {
  const t = useText('lora');
  const language = usePreferences((state) => state.language);
  return useMemo(() => {
    const columns: Column<LoraGatewayState>[] = [
      {
        id: 'id',
        header: t('gateway'),
        width: 'minmax(200px, 1.4fr)',
        cell: ({ id, name }) => (
          <span className="ellipsis" title={name === undefined ? id : `${name} (${id})`}>
            <strong className="mono">{id}</strong> {name}
          </span>
        ),
      },
      {
        id: 'status',
        header: t('status'),
        width: '130px',
        cell: ({ status }) => <GatewayStatusMark status={status} />,
      },
      { id: 'region', header: t('region'), width: '90px', cell: ({ region }) => region ?? '–' },
      {
        id: 'last',
        header: t('lastSeen'),
        width: '180px',
        cell: ({ lastContact }) =>
          lastContact === undefined ? '–' : <TimeText time={lastContact} form="relative" />,
      },
      {
        id: 'uplinks',
        header: t('received'),
        width: '90px',
        numeric: true,
        cell: ({ uplinks }) => count(uplinks, language),
      },
      {
        id: 'downlinks',
        header: t('sent'),
        width: '90px',
        numeric: true,
        cell: ({ downlinks }) => count(downlinks, language),
      },
      {
        id: 'place',
        header: t('place'),
        width: 'minmax(180px, 1fr)',
        cell: ({ location }) =>
          location && (
            <span className="ellipsis" title={inDegrees(location)}>
              {inDegrees(location)} <span className="dimmed">{t(`place_${location.source}`)}</span>
            </span>
          ),
      },
    ];
    return narrow ? columns.slice(0, 2) : columns;
  }, [t, language, narrow]);
}
