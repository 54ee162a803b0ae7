import { Button, Select } from '@mantine/core';
import { IconFilterOff, IconSearch } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { connectorNames } from '../../../core/contract/connectors.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { FilterInput } from '../../ui/filter-input.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { VirtualTable } from '../../ui/virtual-table.tsx';
import { WaysToBegin } from '../../ui/ways-to-begin.tsx';
import { useSimulatedIds } from '../devices/use-simulated-ids.ts';
import { auditFilterNames, useAudit } from './audit-api.ts';
import { useAuditColumns } from './audit-columns.tsx';
import { AuditPanel } from './audit-panel.tsx';
import { type AuditRow, withKeys } from './audit-row.ts';

const rowKey = ({ key }: AuditRow): string => key;

/** Rows before the end at which the next ones are fetched. */
const fetchAhead = 50;

export default function AuditView() {
  const t = useText('audit');
  const language = usePreferences((state) => state.language);
  const [url] = useUrlState();
  const query = useAudit(url);
  const [opened, setOpened] = useState<AuditRow>();
  const [range, setRange] = useState({ first: 0, last: 0 });
  const rows = useMemo(() => withKeys(query.data?.pages.flat() ?? []), [query.data]);
  const inSight = rows.slice(range.first, range.last + 1);
  const simulated = useSimulatedIds(inSight.map(({ message }) => message.source.deviceId));
  const columns = useAuditColumns(simulated);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const onRange = useCallback(
    (first: number, last: number) => {
      setRange({ first, last });
      if (last >= rows.length - fetchAhead && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    [rows.length, hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  const filtered = auditFilterNames.some((name) => url[name] !== undefined);
  return (
    <div className="list-view">
      <ViewHeader title={t('title')} note={`${count(rows.length, language)}${hasNextPage ? '+' : ''}`}>
        {isFetchingNextPage && <span className="dimmed">{t('more')}</span>}
      </ViewHeader>
      <AuditFilterBar filtered={filtered} />
      <div className="list-and-panel">
        <QueryView query={query} rows={16}>
          {() =>
            rows.length === 0 ? (
              <EmptyState
                title={filtered ? t('emptyFiltered') : t('empty')}
                action={filtered ? <ClearFilters /> : <WaysToBegin />}
              >
                {filtered ? null : t('emptyText')}
              </EmptyState>
            ) : (
              <VirtualTable
                label={t('title')}
                rows={rows}
                columns={columns}
                rowKey={rowKey}
                selected={opened?.key}
                onOpen={setOpened}
                onRange={onRange}
              />
            )
          }
        </QueryView>
        {opened && (
          <AuditPanel
            key={opened.key}
            message={opened.message}
            simulated={simulated.has(opened.message.source.deviceId ?? '')}
            onClose={() => setOpened(undefined)}
          />
        )}
      </div>
    </div>
  );
}

function AuditFilterBar({ filtered }: { filtered: boolean }) {
  const t = useText('audit');
  const common = useText('common');
  const [url, setUrl] = useUrlState();
  return (
    <div className="filters-row">
      <search className="filters">
        <FilterInput
          label={t('search')}
          value={url.text ?? ''}
          width={240}
          icon={<IconSearch size={14} aria-hidden />}
          onChange={(text) => setUrl({ text })}
        />
        <Select
          aria-label={t('level')}
          placeholder={t('anyLevel')}
          data={(['info', 'error'] as const).map((value) => ({ value, label: common(`level_${value}`) }))}
          value={url.level ?? null}
          onChange={(level) => setUrl({ level: level ?? undefined })}
          clearable
          w={120}
        />
        <Select
          aria-label={t('category')}
          placeholder={t('anyCategory')}
          data={['connectivity', 'data', 'device_management', 'notification']}
          value={url.category ?? null}
          onChange={(category) => setUrl({ category: category ?? undefined })}
          clearable
          w={170}
        />
        <FilterInput
          label={t('device')}
          value={url.device ?? ''}
          width={220}
          onChange={(device) => setUrl({ device })}
        />
        <Select
          aria-label={t('connector')}
          placeholder={t('connector')}
          data={[...connectorNames]}
          value={url.connector ?? null}
          onChange={(connector) => setUrl({ connector: connector ?? undefined })}
          clearable
          w={130}
        />
        {filtered && <ClearFilters />}
      </search>
    </div>
  );
}

function ClearFilters() {
  const common = useText('common');
  const [, setUrl] = useUrlState();
  return (
    <Button
      variant="subtle"
      leftSection={<IconFilterOff size={14} aria-hidden />}
      onClick={() => setUrl(Object.fromEntries(auditFilterNames.map((name) => [name, undefined])))}
    >
      {common('clear')}
    </Button>
  );
}
