// Tests start the bundled workers and the bundled command, so the bundles must match the sources.
import { buildWhenStale, root } from './lib/prepare.mjs';
import { isFresh } from './lib/stamp.mjs';

export default function setup(): void {
  // For work on a part that needs no bundle while another part does not build.
  if (process.env.FLEETBENCH_NO_BUILD === '1') return;
  if (!isFresh(root, 'js')) buildWhenStale();
}
