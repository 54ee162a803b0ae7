// A bare aedes broker: nothing is stored, and who connects is not asked.
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { serveCalls } from '../lib/ipc.ts';
import { readUsage } from '../lib/usage.ts';

const calls = {
  start: async (): Promise<{ mqttPort: number }> => {
    const broker = await Aedes.createBroker();
    const server = createServer({ noDelay: true }, broker.handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return { mqttPort: typeof address === 'object' && address ? address.port : 0 };
  },
  usage: () => readUsage(),
};

export type AedesCalls = typeof calls;

serveCalls(calls);
