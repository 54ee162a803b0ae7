import { Autocomplete, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { CountBars } from './count-bars.tsx';
import { countFields, propertyField } from './count-fields.ts';
import { FleetFilterBar } from './fleet-filter.tsx';
import { FleetWays } from './fleet-ways.tsx';
import { useFieldCounts, usePropertyNames } from './use-fleet-counts.ts';
import './fleet.css';

/** How the devices divide by what they are. */
export default function FleetCountsView() {
  const t = useText('fleet');
  const shell = useText('shell');
  const language = usePreferences((state) => state.language);
  const [{ filter: rsql = '' }] = useUrlState();
  const query = useFieldCounts(countFields[0].field, rsql);
  return (
    <div className="list-view">
      <ViewHeader
        title={t('countsTitle')}
        note={query.data && t('countsTotal', { total: count(query.data.devices, language) })}
      >
        <FleetWays />
      </ViewHeader>
      <FleetFilterBar />
      <div className="page">
        <QueryView query={query} rows={12}>
          {({ devices }) =>
            devices > 0 ? (
              <div className="count-cards">
                {countFields.map((field) => (
                  <section key={field.name} className="card" aria-label={t(`by_${field.name}`)}>
                    <div className="card-title">
                      <h2>{t(`by_${field.name}`)}</h2>
                    </div>
                    <CountBars field={field} rsql={rsql} />
                  </section>
                ))}
                <PropertyCard rsql={rsql} />
              </div>
            ) : rsql !== '' ? (
              <EmptyState title={t('noDevicesFiltered')} />
            ) : (
              <EmptyState
                title={t('noDevices')}
                action={
                  <Button component={Link} to="/connect">
                    {shell('connect')}
                  </Button>
                }
              >
                {t('noDevicesText')}
              </EmptyState>
            )
          }
        </QueryView>
      </div>
    </div>
  );
}

/** Properties have any names: the one to count by is chosen, or the most frequent one. */
function PropertyCard({ rsql }: { rsql: string }) {
  const t = useText('fleet');
  const [url, setUrl] = useUrlState();
  const names = usePropertyNames(rsql);
  const property = url.property ?? names.data?.[0] ?? '';
  const [typed, setTyped] = useState(property);
  useEffect(() => setTyped(property), [property]);
  const choose = (name: string): void => setUrl({ property: name.trim() });
  return (
    <section className="card" aria-label={t('by_property')}>
      <div className="card-title">
        <h2>{t('by_property')}</h2>
        <Autocomplete
          size="xs"
          w={180}
          aria-label={t('property')}
          placeholder={t('property')}
          data={names.data ?? []}
          value={typed}
          onChange={setTyped}
          onOptionSubmit={choose}
          onBlur={() => typed !== property && choose(typed)}
          onKeyDown={(event) => event.key === 'Enter' && choose(typed)}
        />
      </div>
      {property === '' ? (
        <p className="dimmed">{t('propertyNone')}</p>
      ) : (
        <CountBars field={propertyField(property)} rsql={rsql} />
      )}
    </section>
  );
}
