import { Button, Checkbox, Popover, Select } from '@mantine/core';
import { IconColumns3, IconFilterCog, IconFilterOff, IconSearch } from '@tabler/icons-react';
import { memo } from 'react';
import { connectorNames, interfaceStatuses } from '../../../core/contract/connectors.ts';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { usePreferences } from '../../app/preferences.ts';
import { useText } from '../../i18n/use-text.ts';
import { FilterInput } from '../../ui/filter-input.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import type { Column } from '../../ui/virtual-table.tsx';
import { CampaignWith } from '../campaigns/campaign-with.tsx';
import type { DeviceFilterState } from './filter/use-device-filters.ts';

interface DeviceFilterBarProps {
  readonly columns: readonly Column<DeviceJson>[];
  readonly filtering: DeviceFilterState;
}

/** The conditions that have a field of their own, and the way to all others. Scrolling the list draws none of it again. */
export const DeviceFilterBar = memo(function DeviceFilterBar({ columns, filtering }: DeviceFilterBarProps) {
  const t = useText('devices');
  const common = useText('common');
  const advanced = useText('filter');
  const [url, setUrl] = useUrlState();
  const { filters, whole, setFields, setWhole } = filtering;
  const text = (name: 'text' | 'group' | 'tags', label: string, width: number) => (
    <FilterInput
      label={label}
      value={filters[name] ?? ''}
      width={width}
      icon={name === 'text' ? <IconSearch size={14} aria-hidden /> : undefined}
      onChange={(value) => setFields({ [name]: value })}
    />
  );
  return (
    <div className="filters-row">
      <search className="filters">
        {text('text', t('search'), 230)}
        {text('group', t('group'), 136)}
        {text('tags', t('tags'), 96)}
        <Select
          aria-label={t('status')}
          placeholder={t('anyStatus')}
          data={interfaceStatuses.map((value) => ({ value, label: common(`status_${value}`) }))}
          value={filters.status ?? null}
          onChange={(status) => setFields({ status: status ?? undefined })}
          clearable
          w={136}
        />
        <Select
          aria-label={t('connector')}
          placeholder={t('anyConnector')}
          data={[...connectorNames]}
          value={filters.connector ?? null}
          onChange={(connector) => setFields({ connector: connector ?? undefined })}
          clearable
          w={146}
        />
        <Button
          variant={filters.filter === undefined ? 'default' : 'light'}
          leftSection={<IconFilterCog size={14} aria-hidden />}
          aria-expanded={url.advanced === 'yes'}
          title={whole}
          onClick={() => setUrl({ advanced: url.advanced === 'yes' ? undefined : 'yes' })}
        >
          {advanced('title')}
        </Button>
        {whole !== '' && <CampaignWith filter={whole} />}
        {whole !== '' && (
          <Button
            variant="subtle"
            leftSection={<IconFilterOff size={14} aria-hidden />}
            onClick={() => setWhole('')}
          >
            {common('clear')}
          </Button>
        )}
      </search>
      <ColumnChoice columns={columns} />
    </div>
  );
});

function ColumnChoice({ columns }: { columns: readonly Column<DeviceJson>[] }) {
  const t = useText('devices');
  const chosen = usePreferences((state) => state.deviceColumns);
  const set = usePreferences((state) => state.set);
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={14} aria-hidden />}>
          {t('columns')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('columns')}>
        <Checkbox.Group value={[...chosen]} onChange={(deviceColumns) => set({ deviceColumns })}>
          <div className="stack">
            {columns.map(({ id, header }) => (
              // The id is the way into a device: it stays.
              <Checkbox key={id} value={id} label={header} disabled={id === 'id'} />
            ))}
          </div>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}
