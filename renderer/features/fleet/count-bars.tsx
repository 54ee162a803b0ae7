import { Link } from '@tanstack/react-router';
import type { InterfaceStatus } from '../../../core/contract/connectors.ts';
import type { ActivityState } from '../../../core/contract/devices.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { InterfaceStatusMark } from '../../ui/interface-status.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import type { CountField } from './count-fields.ts';
import { narrower } from './narrower.ts';
import { mostValues, useFieldCounts } from './use-fleet-counts.ts';

/** How many devices have each value of a field, as bars that lead to those devices. */
export function CountBars({ field, rsql }: { field: CountField; rsql: string }) {
  const t = useText('fleet');
  const language = usePreferences((state) => state.language);
  const query = useFieldCounts(field.field, rsql);
  return (
    <QueryView query={query} rows={4}>
      {({ fieldAggregation }) => {
        if (fieldAggregation.length === 0) return <p className="dimmed">{t(`none_${field.name}`)}</p>;
        const shown = fieldAggregation.slice(0, mostValues);
        const largest = shown[0]?.count ?? 1;
        return (
          <>
            <ul className="bars">
              {shown.map(({ value, count: devices }) => (
                <li key={String(value)}>
                  <Link
                    to="/devices"
                    search={{ filter: narrower(rsql, field.selector, String(value)) } as never}
                    className="bar-link"
                  >
                    <span className="ellipsis" title={String(value)}>
                      <ValueName field={field} value={String(value)} />
                    </span>
                    <span className="bar-room" aria-hidden>
                      <span className="bar" style={{ width: `${(devices / largest) * 100}%` }} />
                    </span>
                    <span className="bar-count">{count(devices, language)}</span>
                  </Link>
                </li>
              ))}
            </ul>
            {fieldAggregation.length > mostValues && (
              <p className="dimmed">{t('firstOnes', { most: mostValues })}</p>
            )}
          </>
        );
      }}
    </QueryView>
  );
}

function ValueName({ field, value }: { field: CountField; value: string }) {
  const t = useText('fleet');
  if (field.name === 'status') return <InterfaceStatusMark status={value as InterfaceStatus} />;
  if (field.name === 'activity') return t(`activity_${value as ActivityState}`);
  return value === '' ? '""' : value;
}
