import { useEffect, useState } from 'react';
import { platformNow } from '../../format/platform-time.ts';

const tickMs = 1000;

/** The platform's time in milliseconds since the Unix epoch, again each second. */
export function usePlatformNow(): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), tickMs);
    return () => clearInterval(timer);
  }, []);
  return platformNow();
}
