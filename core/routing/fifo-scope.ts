import { PlatformError } from '../contract/errors.ts';

/** The FIFOs that a key is limited to by its `scope.fifos`; undefined: none in particular, so any (manual 4.3). */
export type FifoScope = ReadonlySet<string> | undefined;

/**
 * Holds the names in a request against the scope of its key.
 * @throws PlatformError `access.forbidden`, with the names that are too much
 */
export function requireFifos(scope: FifoScope, names: Iterable<string>): void {
  if (!scope) return;
  const beyond = [...new Set(names)].filter((name) => !scope.has(name));
  if (beyond.length === 0) return;
  throw new PlatformError('access.forbidden', 'The API key is limited to other FIFOs.', {
    details: `scope.fifos of the key does not name ${beyond.join(', ')}`,
  });
}
