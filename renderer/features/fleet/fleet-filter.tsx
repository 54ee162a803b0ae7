import { Button } from '@mantine/core';
import { IconFilter, IconFilterCog } from '@tabler/icons-react';
import { lazy, Suspense, useCallback } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { FilterInput } from '../../ui/filter-input.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';

const FilterArea = lazy(() => import('../devices/filter/filter-area.tsx'));

/** The filter of the fleet, in the address: as RSQL, or built of fields. */
export function FleetFilterBar() {
  const t = useText('fleet');
  const advanced = useText('filter');
  const [{ filter = '', advanced: opened }, setUrl] = useUrlState();
  const onFilter = useCallback((next: string) => setUrl({ filter: next }), [setUrl]);
  const isOpen = opened === 'yes';
  return (
    <>
      <div className="filters-row">
        <search className="filters">
          <FilterInput
            label={t('filter')}
            value={filter}
            width={420}
            icon={<IconFilter size={14} aria-hidden />}
            onChange={onFilter}
          />
          <Button
            variant="default"
            leftSection={<IconFilterCog size={14} aria-hidden />}
            aria-expanded={isOpen}
            onClick={() => setUrl({ advanced: isOpen ? undefined : 'yes' })}
          >
            {advanced('title')}
          </Button>
        </search>
      </div>
      {isOpen && (
        <Suspense fallback={null}>
          <FilterArea filter={filter} onFilter={onFilter} onClose={() => setUrl({ advanced: undefined })} />
        </Suspense>
      )}
    </>
  );
}
