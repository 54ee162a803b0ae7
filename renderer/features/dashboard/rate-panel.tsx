import { useMemo } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { useLive } from '../../live/live.tsx';
import { Chart } from '../../ui/chart.tsx';
import { Legend } from '../../ui/legend.tsx';
import { ratesOf } from './rate-series.ts';

export function RatePanel() {
  const t = useText('dashboard');
  const points = useLive((snapshot) => snapshot.metrics);
  const refused = t('refusedRate');
  const rates = useMemo(() => ratesOf(points, refused), [points, refused]);
  return (
    <section className="card">
      <div className="card-title">
        <h2>{t('rate')}</h2>
        <Legend
          entries={rates.series.map(({ label }, index) => ({
            label,
            value: t('perSecond', { rate: (rates.now[index] ?? 0).toFixed(1) }),
          }))}
        />
      </div>
      {rates.series.length === 0 ? (
        <p className="dimmed">{t('rateNone')}</p>
      ) : (
        <Chart label={t('rateLabel')} times={rates.times} series={rates.series} height={150} />
      )}
    </section>
  );
}
