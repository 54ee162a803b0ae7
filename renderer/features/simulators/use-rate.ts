import { useEffect, useRef, useState } from 'react';

const averagedMs = 5000;

/**
 * Growth of a counter a second, over the last seconds; undefined until it was seen twice.
 * @param at when it was counted, in milliseconds: what is shown first may be what was known some time ago
 */
export function useRate(counter: number, at: number): number | undefined {
  const seen = useRef<{ at: number; counter: number }[]>([]);
  const [rate, setRate] = useState<number>();
  useEffect(() => {
    // A counter that fell belongs to another run.
    const before = seen.current.filter(
      (point) => point.counter <= counter && point.at < at && at - point.at < averagedMs,
    );
    seen.current = [...before, { at, counter }];
    const [first] = before;
    if (first) setRate(((counter - first.counter) * 1000) / (at - first.at));
  }, [counter, at]);
  return rate;
}
