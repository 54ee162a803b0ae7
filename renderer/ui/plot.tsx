import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { axisTimes } from './axis-times.ts';
import type { ChartProps } from './chart-props.ts';

const seriesColours = 5;

interface PlotProps extends ChartProps {
  /** Its times in UTC, and not in those of this machine. */
  readonly utc: boolean;
}

function optionsOf(props: PlotProps, width: number, element: HTMLElement): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--fb-quiet'),
    grid: { stroke: colour('--fb-line'), width: 1 },
    ticks: { show: false },
    font: `11px ${style.fontFamily}`,
  };
  const stepped = props.stepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    // Where the days of the axis begin.
    ...(props.utc ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') } : {}),
    width,
    height: props.height,
    padding: props.bare ? [2, 0, 2, 0] : [8, 28, 0, 0],
    cursor: { show: !props.bare, y: false },
    legend: { show: false },
    scales: { x: { range: aroundMoment }, y: { range: withRoom } },
    axes: props.bare
      ? [{ show: false }, { show: false }]
      : [
          { ...axis, values: (_plot, splits) => axisTimes(splits, props.utc), space: 80, size: 24 },
          { ...axis, size: 52 },
        ],
    series: [
      {},
      ...props.series.map(({ label, colour: own }, index) => ({
        label,
        stroke: colour(own ?? props.colour ?? `--fb-series-${index % seriesColours}`),
        width: 1.5,
        ...(stepped && { paths: stepped }),
        points: { show: props.times.length < 2 || (!props.bare && props.times.length < 40), size: 4 },
        spanGaps: true,
      })),
    ],
  };
}

const momentSeconds = 30;

/** What happened at one moment has some time around it; uPlot would give it years. */
function aroundMoment({ data: [times] }: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  const [only = 0] = times;
  return times.length === 1 ? [only - momentSeconds, only + momentSeconds] : [min, max];
}

/** A flat line stands in the middle, not on the edge. */
function withRoom(_plot: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1];
  const room = max === min ? Math.max(1, Math.abs(max) * 0.1) : (max - min) * 0.08;
  // A count starts at zero when it gets near it.
  return [min >= 0 && min - room < 0 ? 0 : min - room, max + room];
}

const dataOf = ({ times, series }: ChartProps): uPlot.AlignedData => [
  [...times],
  ...series.map(({ values }) => [...values]),
];

export default function Plot(props: PlotProps) {
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const element = holder.current;
    if (!element) return undefined;
    const made = new uPlot(
      optionsOf(latest.current, element.clientWidth || 200, element),
      dataOf(latest.current),
      element,
    );
    plot.current = made;
    const watcher = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height: latest.current.height });
    });
    watcher.observe(element);
    return () => {
      watcher.disconnect();
      made.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(dataOf(props)), [props]);
  return <div ref={holder} className="plot" />;
}
