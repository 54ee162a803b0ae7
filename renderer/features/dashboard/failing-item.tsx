import { Link } from '@tanstack/react-router';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import type { FailingThing } from './failing-things.ts';

interface Words {
  readonly title: string;
  readonly reason?: string | undefined;
  /** Where more is to be seen, or done about it. */
  readonly to?: string;
  readonly search?: Readonly<Record<string, string>>;
}

/** One thing that fails: what, why, and the way to it. */
export function FailingItem({ thing }: { thing: FailingThing }) {
  const { title, reason, to, search } = useWords()(thing);
  const mark = <StatusMark tone="bad" word={title} />;
  return (
    <li>
      {to === undefined ? (
        mark
      ) : (
        <Link to={to} search={(search ?? {}) as never} className="failing-link">
          {mark}
        </Link>
      )}
      {reason !== undefined && reason !== '' && <p className="dimmed">{reason}</p>}
    </li>
  );
}

function useWords(): (thing: FailingThing) => Words {
  const t = useText('dashboard');
  const shell = useText('shell');
  const language = usePreferences((state) => state.language);
  return (thing) => {
    switch (thing.kind) {
      case 'store': {
        const advice = thing.full ? t('storeFull') : t('storeFailed');
        return {
          title: t('storeDegraded'),
          reason: `${advice} ${thing.reason ?? ''}`.trim(),
          to: '/settings',
        };
      }
      case 'endpoint':
        return {
          title: t('endpointFails', { name: shell(`endpoint_${thing.name}`) }),
          reason: thing.reason,
        };
      case 'centre':
        return { title: t('centreFails'), reason: thing.reason };
      case 'fleet':
        return {
          title: t('fleetFails', { name: thing.name }),
          reason: thing.reason,
          to: `/simulators/${encodeURIComponent(thing.id)}`,
        };
      case 'devices':
        return {
          title: t('devicesFail', { count: thing.total, total: count(thing.total, language) }),
          to: '/devices',
          search: { status: 'CONNECTIVITY_ERROR' },
        };
      case 'refused':
        return {
          title: t('messagesRefused', { count: thing.total, total: count(thing.total, language) }),
          reason: thing.reason,
          to: '/messages',
          search: { show: 'refused' },
        };
    }
  };
}
