import { Select, Switch } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useText } from '../../i18n/use-text.ts';
import { FilterInput } from '../../ui/filter-input.tsx';
import type { UrlState } from '../../ui/use-url-state.ts';
import type { FrameFilter } from './frame-rows.ts';

/** Names of the filters in the address. */
export const frameFilterNames = ['loraText', 'loraWay', 'loraKind', 'loraDropped'] as const;

export const frameFilterOf = (url: UrlState): FrameFilter => ({
  text: url.loraText,
  direction: url.loraWay,
  kind: url.loraKind,
  dropped: url.loraDropped === 'yes',
});

interface FrameFiltersProps {
  readonly filter: FrameFilter;
  readonly onChange: (change: UrlState) => void;
}

export function FrameFilters({ filter, onChange }: FrameFiltersProps) {
  const t = useText('lora');
  return (
    <search className="filters">
      <FilterInput
        label={t('search')}
        value={filter.text ?? ''}
        width={240}
        icon={<IconSearch size={14} aria-hidden />}
        onChange={(text) => onChange({ loraText: text })}
      />
      <Select
        aria-label={t('direction')}
        placeholder={t('anyDirection')}
        data={(['up', 'down'] as const).map((value) => ({ value, label: t(value) }))}
        value={filter.direction ?? null}
        onChange={(way) => onChange({ loraWay: way ?? undefined })}
        clearable
        w={150}
      />
      <Select
        aria-label={t('kind')}
        placeholder={t('anyKind')}
        data={(['join', 'data', 'mac', 'other'] as const).map((value) => ({
          value,
          label: t(`kind_${value}`),
        }))}
        value={filter.kind ?? null}
        onChange={(kind) => onChange({ loraKind: kind ?? undefined })}
        clearable
        w={180}
      />
      <Switch
        size="xs"
        label={t('droppedOnly')}
        checked={filter.dropped === true}
        onChange={(event) => onChange({ loraDropped: event.currentTarget.checked ? 'yes' : undefined })}
      />
    </search>
  );
}
