import { Select, Switch } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useText } from '../../i18n/use-text.ts';
import { FilterInput } from '../../ui/filter-input.tsx';
import type { UrlState } from '../../ui/use-url-state.ts';
import type { CoapFilter } from './coap-rows.ts';

/** Names of the filters in the address. */
export const coapFilterNames = ['coapText', 'coapProtocol', 'coapWay', 'coapFailures'] as const;

export const coapFilterOf = (url: UrlState): CoapFilter => ({
  text: url.coapText,
  protocol: url.coapProtocol,
  direction: url.coapWay,
  failures: url.coapFailures === 'yes',
});

interface CoapFiltersProps {
  readonly filter: CoapFilter;
  readonly onChange: (change: UrlState) => void;
}

export function CoapFilters({ filter, onChange }: CoapFiltersProps) {
  const t = useText('coap');
  return (
    <search className="filters">
      <FilterInput
        label={t('search')}
        value={filter.text ?? ''}
        width={240}
        icon={<IconSearch size={14} aria-hidden />}
        onChange={(text) => onChange({ coapText: text })}
      />
      <Select
        aria-label={t('protocol')}
        placeholder={t('anyProtocol')}
        data={[
          { value: 'coap', label: 'CoAP' },
          { value: 'dtls', label: 'DTLS' },
        ]}
        value={filter.protocol ?? null}
        onChange={(protocol) => onChange({ coapProtocol: protocol ?? undefined })}
        clearable
        w={140}
      />
      <Select
        aria-label={t('direction')}
        placeholder={t('anyDirection')}
        data={(['in', 'out'] as const).map((value) => ({ value, label: t(value) }))}
        value={filter.direction ?? null}
        onChange={(direction) => onChange({ coapWay: direction ?? undefined })}
        clearable
        w={150}
      />
      <Switch
        size="xs"
        label={t('failures')}
        checked={filter.failures === true}
        onChange={(event) => onChange({ coapFailures: event.currentTarget.checked ? 'yes' : undefined })}
      />
    </search>
  );
}
