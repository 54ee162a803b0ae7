import { Button, SegmentedControl } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { CoapLogEntry } from '../../../core/contract/coap-log.ts';
import { useText } from '../../i18n/use-text.ts';
import type { LiveSnapshot } from '../../live/live-store.ts';
import { useIdentity } from '../../session/identity.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { EmptyState } from '../../ui/view-states.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import type { DeviceTabProps } from '../devices/device-tab-props.ts';
import { coapLogPath, useCoapLog } from './coap-api.ts';
import { useCoapColumns } from './coap-columns.tsx';
import { CoapFilters, coapFilterNames, coapFilterOf } from './coap-filters.tsx';
import { CoapPanel } from './coap-panel.tsx';
import { fits, joinEntries } from './coap-rows.ts';

const rowKey = ({ id }: CoapLogEntry): string => id;
const failedClass = ({ error }: CoapLogEntry): string | undefined =>
  error === undefined ? undefined : 'refused';

/** What goes over the wire between the device and the platform, as it comes. */
export default function DeviceCoap({ device, live, onPanel }: DeviceTabProps) {
  const t = useText('coap');
  const [url, setUrl] = useUrlState();
  const { data: me } = useIdentity();
  const isLwm2m = device.interfaces?.some(({ connector }) => connector === 'lwm2m');
  if (!isLwm2m) {
    return (
      <EmptyState
        title={t('none')}
        action={<Button onClick={() => onPanel('add-interface')}>{t('addInterface')}</Button>}
      >
        {t('noneText')}
      </EmptyState>
    );
  }
  const nobody = url.coapOf === 'nobody' && me?.operator === true;
  return (
    <div className="list-view">
      {me?.operator && (
        <div className="buttons">
          <SegmentedControl
            aria-label={t('whose')}
            data={[
              { value: 'device', label: t('ofDevice') },
              { value: 'nobody', label: t('ofNobody') },
            ]}
            value={nobody ? 'nobody' : 'device'}
            onChange={(of) => setUrl({ coapOf: of === 'nobody' ? of : undefined, coapEntry: undefined })}
          />
        </div>
      )}
      {nobody ? (
        <CoapEntries key="nobody" deviceId={undefined} live={nothingLive} />
      ) : (
        <CoapEntries key={device.id} deviceId={device.id} live={live} />
      )}
    </div>
  );
}

type Live = Pick<LiveSnapshot, 'coap' | 'skipped'>;
const nothingLive: Live = { coap: [], skipped: 0 };

function CoapEntries({ deviceId, live }: { deviceId: string | undefined; live: Live }) {
  const t = useText('coap');
  const [url, setUrl] = useUrlState();
  const query = useCoapLog(deviceId);
  const [held, setHeld] = useState<Live>();
  const [still, setStill] = useState<Live>();
  const { coap } = held ?? still ?? live;
  const filterText = JSON.stringify(coapFilterOf(url));
  const pages = query.data?.pages;
  const rows = useMemo(() => {
    const filter = JSON.parse(filterText);
    return joinEntries(pages?.flatMap(({ entries }) => entries) ?? [], coap).filter((entry) =>
      fits(entry, filter),
    );
  }, [pages, coap, filterText]);
  const [opened, setOpened] = useState<CoapLogEntry>();
  const shown =
    rows.find(({ id }) => id === url.coapEntry) ?? (opened?.id === url.coapEntry ? opened : undefined);
  const columns = useCoapColumns(shown !== undefined);
  const filtered = coapFilterNames.some((name) => url[name] !== undefined);
  const Icon = held ? IconPlayerPlay : IconPlayerPause;
  const empty = deviceId === undefined ? 'emptyNobody' : 'empty';
  return (
    <>
      <div className="filters-row">
        <CoapFilters filter={coapFilterOf(url)} onChange={setUrl} />
        <div className="view-actions">
          {query.hasNextPage && (
            <Button
              variant="default"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t('older')}
            </Button>
          )}
          {deviceId !== undefined && (
            <Button
              variant="default"
              aria-pressed={held !== undefined}
              leftSection={<Icon size={14} aria-hidden />}
              onClick={() => setHeld(held ? undefined : live)}
            >
              {held ? t('resume') : t('pause')}
            </Button>
          )}
        </div>
      </div>
      {live.skipped > 0 && (
        <p className="notice" role="status">
          {t('skipped')}{' '}
          <button type="button" className="link" onClick={() => void query.refetch()}>
            {t('readAgain')}
          </button>
        </p>
      )}
      <div className="list-and-panel">
        <QueryView query={query} rows={16}>
          {({ pages: [first] }) =>
            rows.length === 0 ? (
              <EmptyState
                title={filtered ? t('emptyFiltered') : t(empty)}
                action={
                  filtered && (
                    <Button
                      onClick={() =>
                        setUrl(Object.fromEntries(coapFilterNames.map((name) => [name, undefined])))
                      }
                    >
                      {t('clear')}
                    </Button>
                  )
                }
              >
                {filtered
                  ? null
                  : deviceId === undefined
                    ? t('emptyNobodyText')
                    : t('emptyText', { most: first?.limits.coapLogMaxMessages })}
              </EmptyState>
            ) : (
              <VirtualTable
                label={t('title')}
                rows={rows}
                columns={columns}
                rowKey={rowKey}
                rowClass={failedClass}
                selected={shown?.id}
                onOpen={(entry) => {
                  setOpened(entry);
                  setUrl({ coapEntry: entry.id });
                }}
                onHold={(hold) => setStill(hold ? live : undefined)}
              />
            )
          }
        </QueryView>
        {shown && <CoapPanel key={shown.id} entry={shown} onClose={() => setUrl({ coapEntry: undefined })} />}
      </div>
      <details className="disclosure below-table">
        <summary>curl</summary>
        <AsCurl method="GET" path={`${coapLogPath(deviceId)}?limit=100`} />
      </details>
    </>
  );
}
