import { useEffect, useRef, useState } from 'react';

const averagedMs = 5000;

/** Growth of a counter a second, over the last seconds; undefined until it was seen twice. */
export function useRate(counter: number): number | undefined {
  const seen = useRef<{ at: number; counter: number }[]>([]);
  const [rate, setRate] = useState<number>();
  useEffect(() => {
    const now = performance.now();
    // A counter that fell belongs to another run.
    const before = seen.current.filter((point) => point.counter <= counter && now - point.at < averagedMs);
    seen.current = [...before, { at: now, counter }];
    const first = before[0];
    if (first && now > first.at) setRate(((counter - first.counter) * 1000) / (now - first.at));
  }, [counter]);
  return rate;
}
