import { Button, Checkbox, Popover, Select } from '@mantine/core';
import { IconColumns3, IconFilterCog, IconFilterOff, IconSearch } from '@tabler/icons-react';
import { connectorNames, interfaceStatuses } from '../../../core/contract/connectors.ts';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { usePreferences } from '../../app/preferences.ts';
import { useText } from '../../i18n/use-text.ts';
import { FilterInput } from '../../ui/filter-input.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import type { Column } from '../../ui/virtual-table.tsx';

const names = ['text', 'group', 'tags', 'status', 'connector', 'filter'] as const;

export function DeviceFilterBar({ columns }: { columns: readonly Column<DeviceJson>[] }) {
  const t = useText('devices');
  const common = useText('common');
  const advanced = useText('filter');
  const [url, setUrl] = useUrlState();
  const text = (name: 'text' | 'group' | 'tags', label: string, width: number) => (
    <FilterInput
      label={label}
      value={url[name] ?? ''}
      width={width}
      icon={name === 'text' ? <IconSearch size={14} aria-hidden /> : undefined}
      onChange={(value) => setUrl({ [name]: value })}
    />
  );
  return (
    <div className="filters-row">
      <search className="filters">
        {text('text', t('search'), 300)}
        {text('group', t('group'), 150)}
        {text('tags', t('tags'), 120)}
        <Select
          aria-label={t('status')}
          placeholder={t('anyStatus')}
          data={interfaceStatuses.map((value) => ({ value, label: common(`status_${value}`) }))}
          value={url.status ?? null}
          onChange={(status) => setUrl({ status: status ?? undefined })}
          clearable
          w={160}
        />
        <Select
          aria-label={t('connector')}
          placeholder={t('anyConnector')}
          data={[...connectorNames]}
          value={url.connector ?? null}
          onChange={(connector) => setUrl({ connector: connector ?? undefined })}
          clearable
          w={150}
        />
        <Button
          variant={url.filter === undefined ? 'default' : 'light'}
          leftSection={<IconFilterCog size={14} aria-hidden />}
          aria-expanded={url.advanced === 'yes'}
          title={url.filter}
          onClick={() => setUrl({ advanced: url.advanced === 'yes' ? undefined : 'yes' })}
        >
          {advanced('title')}
        </Button>
        {names.some((name) => url[name] !== undefined) && (
          <Button
            variant="subtle"
            leftSection={<IconFilterOff size={14} aria-hidden />}
            onClick={() => setUrl(Object.fromEntries(names.map((name) => [name, undefined])))}
          >
            {common('clear')}
          </Button>
        )}
      </search>
      <ColumnChoice columns={columns} />
    </div>
  );
}

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
