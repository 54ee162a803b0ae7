import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../settings.ts';
import type { Connection, Listener } from '../sockets.ts';
import { nodeNetwork } from './node-network.ts';

function mayListenAnywhere(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return true;
  return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) <= 1;
}

const ignoring = { request: () => {}, upgrade: () => {}, refuse: () => {} };
const loopback = { host: '127.0.0.1', port: 0 };
const open: Listener[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((listener) => listener.close()));
});

async function listen(accept: (connection: Connection) => void = () => {}, address = loopback) {
  const listener = await nodeNetwork.listen(address, accept);
  open.push(listener);
  return listener;
}

describe('listening', () => {
  it('takes a free port for 0, and hands over connections with the address of the other side', async () => {
    const accepted: Connection[] = [];
    const listener = await listen((connection) => {
      accepted.push(connection);
      connection.stream.end('hello');
    });
    expect(listener.port).toBeGreaterThan(0);
    const socket = connect(listener.port, '127.0.0.1');
    await once(socket, 'connect');
    const { localPort } = socket;
    expect(await text(socket)).toBe('hello');
    expect(accepted).toMatchObject([{ remoteAddress: `127.0.0.1/${localPort}`, security: undefined }]);
  });

  it('shows an IPv4 client of an address for both as IPv4', async () => {
    let remoteAddress = '';
    const listener = await listen(
      (connection) => {
        ({ remoteAddress } = connection);
        connection.stream.end();
      },
      { host: '::', port: 0 },
    );
    const socket = connect(listener.port, '127.0.0.1');
    await text(socket);
    expect(remoteAddress).toMatch(/^127\.0\.0\.1\/\d+$/);
  });

  it.each([
    [
      'in use',
      (port: number) => ({ host: '127.0.0.1', port }),
      /^Port \d+ on 127\.0\.0\.1 is in use by another/,
    ],
    ['not here', () => ({ host: '192.0.2.1', port: 0 }), /^This machine has no address 192\.0\.2\.1\./],
    [
      'no host',
      () => ({ host: 'nowhere.invalid', port: 0 }),
      /^This machine has no address nowhere\.invalid\./,
    ],
  ])('says what to do when the address is %s', async (_, addressFor, message) => {
    const { port } = await listen();
    for (const start of [
      () => nodeNetwork.listen(addressFor(port), () => {}),
      () => nodeNetwork.listenHttp(addressFor(port), ignoring, defaultSettings),
    ]) {
      await expect(start()).rejects.toMatchObject({
        code: 'platform.listen',
        message: expect.stringMatching(message),
        cause: expect.any(Error),
      });
    }
  });

  // Root, and a container that says so, may listen on any port.
  it.skipIf(mayListenAnywhere())('says what to do when a port is for the system only', async () => {
    await expect(nodeNetwork.listen({ host: '127.0.0.1', port: 1 }, () => {})).rejects.toThrow(
      /Not allowed to listen on 127\.0\.0\.1:1\. .* choose a higher port/,
    );
  });
});

describe('connecting', () => {
  it('hands over the connection once it is there', async () => {
    const listener = await listen((connection) => void connection.stream.end('hello'));
    const address = { host: '127.0.0.1', port: listener.port };
    const { stream, remoteAddress, security } = await nodeNetwork.connect(address, { timeoutMs: 60_000 });
    expect(remoteAddress).toBe(`127.0.0.1/${listener.port}`);
    expect(security).toBeUndefined();
    expect(await text(stream)).toBe('hello');
  });

  it('fails where nobody listens', async () => {
    const listener = await listen();
    await listener.close();
    const address = { host: '127.0.0.1', port: listener.port };
    await expect(nodeNetwork.connect(address, { timeoutMs: 60_000 })).rejects.toThrow('ECONNREFUSED');
  });
});

describe('closing a listener', () => {
  it('ends every connection, idle or not, and frees the port', async () => {
    const listener = await listen((connection) => void connection.stream.write('in the middle'));
    const { port } = listener;
    const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    await Promise.all(sockets.map((socket) => once(socket, 'data')));
    const ended = sockets.map((socket) => {
      socket.on('error', () => {});
      return once(socket, 'close');
    });
    await listener.close();
    await Promise.all(ended);
    await listen(() => {}, { host: '127.0.0.1', port });
  });

  it('ends HTTP requests that wait for an answer, and upgraded connections', async () => {
    let requests = 0;
    let upgraded: Connection | undefined;
    const arrived = new Promise<void>((resolve) => {
      const note = (): void => {
        if (requests > 0 && upgraded) resolve();
      };
      const handlers = {
        ...ignoring,
        request: () => {
          requests += 1;
          note();
        },
        upgrade: (_: unknown, connection: Connection) => {
          upgraded = connection;
          note();
        },
      };
      nodeNetwork.listenHttp(loopback, handlers, defaultSettings).then((listener) => {
        open.push(listener);
        const head = 'GET / HTTP/1.1\r\nHost: x\r\n';
        for (const more of ['', 'Connection: Upgrade\r\nUpgrade: websocket\r\n']) {
          const socket = connect(listener.port, '127.0.0.1', () => socket.write(`${head}${more}\r\n`));
          socket.on('error', () => {});
          ended.push(once(socket, 'close'));
        }
      }, expect.unreachable);
    });
    const ended: Promise<unknown>[] = [];
    await arrived;
    expect(upgraded?.remoteAddress).toMatch(/^127\.0\.0\.1\/\d+$/);
    await open.splice(0)[0]?.close();
    await Promise.all(ended);
  });

  it('takes no more HTTP connections than the limit', async () => {
    const limits = { ...defaultSettings, httpMaxConnections: 1 };
    const listener = await nodeNetwork.listenHttp(loopback, ignoring, limits);
    open.push(listener);
    const first = connect(listener.port, '127.0.0.1');
    await once(first, 'connect');
    const second = connect(listener.port, '127.0.0.1');
    second.on('error', () => {});
    await once(second, 'close');
    expect(first.readyState).toBe('open');
    first.destroy();
  });

  it('survives clients that reset the connection', async () => {
    const seen: Connection[] = [];
    const accepted = new Promise<void>((resolve) => {
      void listen((connection) => {
        seen.push(connection);
        connection.stream.on('close', () => resolve());
        connection.stream.resume();
      }).then(({ port }) => {
        const socket = connect(port, '127.0.0.1', () => socket.resetAndDestroy());
      });
    });
    await accepted;
    expect(seen).toHaveLength(1);
  });
});
