import { ActionIcon, SegmentedControl, Select } from '@mantine/core';
import { IconFilterOff, IconSearch } from '@tabler/icons-react';
import { memo } from 'react';
import { connectorNames } from '../../../core/contract/connectors.ts';
import { useText } from '../../i18n/use-text.ts';
import { FilterInput } from '../../ui/filter-input.tsx';
import { hasFilters, type MessageFilters, messageFilterNames } from './message-filter.ts';

interface MessageFiltersProps {
  readonly filters: MessageFilters;
  readonly onChange: (change: MessageFilters) => void;
  /** Of all devices: with the filters that one device's own list has no use for. */
  readonly whole: boolean;
}

/** Drawn again only when a filter has changed: the list below it changes many times a second. */
export const MessageFilterBar = memo(function MessageFilterBar({
  filters,
  onChange,
  whole,
}: MessageFiltersProps) {
  const t = useText('messages');
  const common = useText('common');
  const text = (name: 'text' | 'device' | 'stream' | 'model' | 'tag', label: string, width: number) => (
    <FilterInput
      label={label}
      value={filters[name] ?? ''}
      width={width}
      icon={name === 'text' ? <IconSearch size={14} aria-hidden /> : undefined}
      onChange={(value) => onChange({ [name]: value })}
    />
  );
  return (
    <search className="filters">
      {text('text', t('searchText'), 176)}
      {whole && text('device', t('device'), 136)}
      {text('stream', t('stream'), 112)}
      {text('model', t('model'), 96)}
      {text('tag', t('tag'), 92)}
      {whole && (
        <Select
          aria-label={t('connector')}
          placeholder={t('anyConnector')}
          data={[...connectorNames]}
          value={filters.connector ?? null}
          onChange={(connector) => onChange({ connector: connector ?? undefined })}
          clearable
          w={136}
        />
      )}
      <SegmentedControl
        aria-label={t('show')}
        data={(['all', 'stored', 'refused'] as const).map((value) => ({ value, label: t(`show_${value}`) }))}
        value={filters.show ?? 'all'}
        onChange={(show) => onChange({ show: show === 'all' ? undefined : show })}
      />
      {hasFilters(filters) && (
        <ActionIcon
          aria-label={common('clear')}
          title={common('clear')}
          onClick={() => onChange(Object.fromEntries(messageFilterNames.map((name) => [name, undefined])))}
        >
          <IconFilterOff size={16} />
        </ActionIcon>
      )}
    </search>
  );
});
