import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { measured } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLive } from '../../live/live.tsx';
import { Chart } from '../../ui/chart.tsx';
import { Legend } from '../../ui/legend.tsx';
import { readStream } from './messages-api.ts';
import { numericFields } from './numeric-fields.ts';

/** One number of a stream over time, with what comes while it is shown. */
export function FieldChart({ streamId, path }: { streamId: string; path: string }) {
  const t = useText('messages');
  const history = useQuery({
    queryKey: ['messages', 'stream', streamId],
    queryFn: ({ signal }) => readStream(streamId, 500, signal),
  });
  const entries = useLive((snapshot) => snapshot.entries);
  const series = useMemo(() => {
    const messages = new Map(history.data?.map((message) => [message.id, message]));
    for (const entry of entries) {
      if (entry.kind === 'message' && entry.message.streamId === streamId)
        messages.set(entry.key, entry.message);
    }
    return numericFields([...messages.values()]).find((field) => field.path === path);
  }, [history.data, entries, streamId, path]);
  if (!series) return null;
  const label = t('charted', { field: path, stream: streamId });
  return (
    <div className="field-chart">
      <Legend entries={[{ label: path, value: measured(series.values.at(-1) ?? 0) }]} />
      <Chart
        label={`${label}, ${t('points', { count: series.values.length })}`}
        times={series.times}
        series={[{ label: path, values: series.values }]}
        height={160}
      />
    </div>
  );
}
