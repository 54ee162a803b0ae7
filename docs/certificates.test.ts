import { it } from 'vitest';
import { followGuide } from './guide.ts';

it('says what really happens', async () => {
  await followGuide({ page: 'certificates.md', programs: ['openssl', 'mosquitto_pub'], outputs: 8 });
}, 120_000);
