import { it } from 'vitest';
import { followGuide } from './guide.ts';

it('says what really happens', async () => {
  await followGuide({ page: 'getting-started.md', programs: ['mosquitto_pub', 'mosquitto_sub'], outputs: 8 });
}, 120_000);
