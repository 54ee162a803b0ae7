import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ActionPolicy } from '../../../core/contract/routing.ts';
import { usePreferences } from '../../app/preferences.ts';
import { bytes, count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLive } from '../../live/live.tsx';
import { fifoHref } from './policy-sentence.tsx';
import type { Fifo } from './routing-api.ts';

/** `orders-9` before `orders-10`. */
const byName = (a: Fifo, b: Fifo): number => a.name.localeCompare(b.name, 'en', { numeric: true });

/** FIFOs with what waits in them, live. */
export function FifoTable({
  fifos,
  policies,
}: {
  fifos: readonly Fifo[];
  policies: readonly ActionPolicy[];
}) {
  const t = useText('routing');
  const language = usePreferences((state) => state.language);
  const depths = useLive((snapshot) => snapshot.fifos);
  const sorted = useMemo(() => fifos.toSorted(byName), [fifos]);
  const nameOf = (id: string): string => policies.find((policy) => policy.id === id)?.name || id;
  return (
    <table className="plain-table fifo-table">
      <thead>
        <tr>
          <th>{t('fifo')}</th>
          <th className="numeric">{t('waiting')}</th>
          <th className="numeric">{t('unacknowledged')}</th>
          <th className="numeric">{t('size')}</th>
          <th className="numeric">{t('consumers')}</th>
          <th>{t('fedBy')}</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((fifo) => {
          const live = depths.get(fifo.name);
          return (
            <tr key={fifo.name}>
              <td>
                <Link to={fifoHref(fifo.name)} className="link mono">
                  {fifo.name}
                </Link>
              </td>
              <td className="numeric">{count(live?.messages ?? fifo.messages, language)}</td>
              <td className="numeric">
                {count(live?.unacknowledged ?? fifo.messageUnacknowledged, language)}
              </td>
              <td className="numeric">{bytes(fifo.messageBytes)}</td>
              <td className="numeric">{count(live?.consumers ?? fifo.consumers, language)}</td>
              <td>{fifo.policies.length === 0 ? t('nobody') : fifo.policies.map(nameOf).join(', ')}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
