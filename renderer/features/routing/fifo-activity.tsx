import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { Chart } from '../../ui/chart.tsx';
import { Legend } from '../../ui/legend.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { fifoSeries } from './fifo-series.ts';
import { useFifoActivity } from './routing-api.ts';

const chartHeight = 120;

/** How full a FIFO is and what came and went, over the last five minutes, and who takes its messages. */
export function FifoActivityPanel({ name }: { name: string }) {
  const t = useText('routing');
  const query = useFifoActivity(name);
  return (
    <section className="page-part">
      <QueryView query={query} rows={4}>
        {({ points, consumers }) => {
          const { times, ...lines } = fifoSeries(points);
          const figures = (names: readonly (keyof typeof lines)[]) =>
            names.map((line) => ({ label: t(`line_${line}`), values: lines[line] }));
          return (
            <>
              <div className="fifo-charts">
                <Figure
                  title={t('depth')}
                  label={t('depthLabel')}
                  times={times}
                  series={figures(['waiting', 'unacknowledged'])}
                />
                <Figure
                  title={t('rate')}
                  label={t('rateLabel')}
                  times={times}
                  series={figures(['entered', 'acknowledged', 'lost'])}
                  unit="/s"
                />
              </div>
              <Consumers consumers={consumers} />
            </>
          );
        }}
      </QueryView>
    </section>
  );
}

interface FigureProps {
  readonly title: string;
  readonly label: string;
  readonly times: readonly number[];
  readonly series: readonly { readonly label: string; readonly values: readonly number[] }[];
  readonly unit?: string;
}

function Figure({ title, label, times, series, unit = '' }: FigureProps) {
  const language = usePreferences((state) => state.language);
  return (
    <figure>
      <figcaption className="part-title">
        <h2>{title}</h2>
        <Legend
          entries={series.map((line) => ({
            label: line.label,
            value: `${count(line.values.at(-1) ?? 0, language)}${unit}`,
          }))}
        />
      </figcaption>
      <Chart label={label} times={times} series={series} height={chartHeight} />
    </figure>
  );
}

function Consumers({ consumers }: { consumers: readonly { name: string; unacknowledged: number }[] }) {
  const t = useText('routing');
  const language = usePreferences((state) => state.language);
  return (
    <>
      <h2>{t('consumers')}</h2>
      {consumers.length === 0 ? (
        <p className="dimmed">{t('noConsumers')}</p>
      ) : (
        <ul className="plain fifo-consumers">
          {consumers.map(({ name, unacknowledged }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two consumers may have one name, and the list is replaced whole
            <li key={`${name} ${index}`}>
              <span className="mono">{name}</span>{' '}
              <span className="dimmed">
                {t('held', { count: unacknowledged, total: count(unacknowledged, language) })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
