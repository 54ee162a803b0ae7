import { Link } from '@tanstack/react-router';
import { usePreferences } from '../../app/preferences.ts';
import { count, rate } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { Chart } from '../../ui/chart.tsx';
import { Permitted } from '../../ui/permitted.tsx';
import type { RateLine } from './rate-series.ts';
import { useRates } from './use-rates.ts';

/** How much each connector brings: a line of the last five minutes, and how it is now. */
export function RatePanel() {
  const t = useText('dashboard');
  const { times, lines } = useRates();
  return (
    <section className="card">
      <div className="card-title">
        <h2>{t('rate')}</h2>
        {lines.length > 0 && <span className="dimmed">{t('rateSpan')}</span>}
      </div>
      <Permitted needs="DATA_R">
        {lines.length === 0 ? (
          <p className="dimmed">{t('rateNone')}</p>
        ) : (
          <ul className="rates">
            {lines.map((line) => (
              <Rate key={line.connector ?? ''} line={line} times={times} />
            ))}
          </ul>
        )}
      </Permitted>
    </section>
  );
}

function Rate({ line, times }: { line: RateLine; times: readonly number[] }) {
  const t = useText('dashboard');
  const language = usePreferences((state) => state.language);
  const { connector, values, now, peak, total } = line;
  const name = connector ?? t('refusedRate');
  const search = connector === undefined ? { show: 'refused' } : { connector };
  return (
    <li>
      <Link to="/messages" search={search as never} className="link">
        {name}
      </Link>
      <Chart
        bare
        label={t('rateLabel', { name, total: count(total, language) })}
        times={times}
        series={[{ label: name, values }]}
        colour={connector === undefined ? '--fb-bad' : '--fb-series-0'}
        height={40}
      />
      <span className="rate-now">
        <strong>{t('perSecond', { rate: rate(now, language) })}</strong>
        <span className="dimmed">{t('ratePeak', { rate: count(peak, language) })}</span>
      </span>
    </li>
  );
}
