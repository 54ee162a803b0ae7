// Answers every PUBLISH at once and does nothing else: what the generator reaches against it is its own limit.
import { createServer, type Socket } from 'node:net';
import { serveCalls } from '../lib/ipc.ts';
import { PacketReader, packetIdOfPublish, packetTypes, writePuback } from '../lib/mqtt-packets.ts';
import { readUsage } from '../lib/usage.ts';

const connack = Buffer.from([packetTypes.connack, 2, 0, 0]);

function accept(socket: Socket): void {
  const reader = new PacketReader();
  let ids: number[] = [];
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    reader.read(chunk, (bytes, first, bodyStart) => {
      const type = first & 0xf0;
      if (type === packetTypes.publish) ids.push(packetIdOfPublish(bytes, bodyStart));
      else if (type === packetTypes.connect) socket.write(connack);
      else if (type === packetTypes.disconnect) socket.end();
    });
    if (ids.length === 0) return;
    const answer = Buffer.allocUnsafe(ids.length * 4);
    for (let index = 0; index < ids.length; index++) writePuback(answer, index * 4, ids[index] as number);
    ids = [];
    socket.write(answer);
  });
}

const calls = {
  start: (): Promise<{ mqttPort: number }> => {
    const server = createServer({ noDelay: true }, accept);
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve({ mqttPort: typeof address === 'object' && address ? address.port : 0 });
      });
    });
  },
  usage: () => readUsage(),
};

export type SinkCalls = typeof calls;

serveCalls(calls);
