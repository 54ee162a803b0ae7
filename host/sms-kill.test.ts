import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commandStatus } from '../core/protocols/smpp/status.ts';
import { FleetbenchProcess, freePorts } from '../core/testing/fleetbench-process.ts';
import { shortText } from '../core/testing/short-text.ts';
import { TestSmsc } from '../core/testing/test-smsc.ts';
import { until } from '../core/testing/until.ts';

const masterKey = '0123456789abcdef0123456789abcdef';
const numbers = Array.from({ length: 6 }, (_, index) => String(33_600_000_001 + index));
const idOf = (msisdn: string): string => `urn:lo:nsid:sms:${msisdn}`;

interface Command {
  readonly id: string;
  readonly status: string;
  readonly errorCode?: string;
  readonly deliveryStatus?: string;
  readonly policy: { readonly ackMode: string };
  readonly request: { readonly value: { readonly payload: string } };
  readonly history: readonly { readonly status: string; readonly deliveryStatus?: string }[];
}

let folder: string;
let centre: TestSmsc;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleetbench-sms-'));
  centre = new TestSmsc();
  await centre.start();
});
afterEach(async () => {
  await centre.stop();
  await rm(folder, { recursive: true, force: true });
});

/** One run of the real program in the folder, bound to the centre. */
class Run {
  readonly program = new FleetbenchProcess([
    ...['serve', ...freePorts, '--json', '--data-dir', folder, '--master-key', masterKey],
    ...['--set', 'smppHost=127.0.0.1', '--set', `smppPort=${centre.port}`, '--set', 'smppSendWindow=2'],
  ]);
  private url = '';

  async start(): Promise<void> {
    const { endpoints } = await this.program.ready();
    this.url = endpoints.http ?? '';
    await until(
      async () => (await this.call<{ state: string }>('GET', '/bench/v1/sms/centre')).state === 'BOUND',
    );
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { 'X-API-KEY': masterKey, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  }

  async commands(): Promise<Command[]> {
    const lists = numbers.map((msisdn) =>
      this.call<Command[]>('GET', `/api/v1/deviceMgt/devices/${idOf(msisdn)}/commands`),
    );
    return (await Promise.all(lists)).flat();
  }

  async register(): Promise<void> {
    for (const msisdn of numbers) {
      const interfaces = [{ connector: 'sms', definition: { msisdn, serverPhoneNumber: '20259' } }];
      await this.call('POST', '/api/v1/deviceMgt/devices', { id: idOf(msisdn), interfaces });
    }
  }
}

const textOf = (pdu: TestSmsc['submitted'][number]): string => Buffer.from(pdu.body.shortMessage).toString();
const attemptsOf = ({ history }: Command): number =>
  history.filter(({ status, deliveryStatus }) => status === 'PROCESSING' && deliveryStatus === 'SENDING')
    .length;

it.each([1, 5])(
  'a kill when message %i has come to the centre forgets no command and sends none uncounted',
  async (killAfter) => {
    const ids = new Map<string, string>();
    const before = new Run();
    await using program = before.program;
    await before.start();
    await before.register();
    centre.onSubmit = (pdu, messageId) => {
      ids.set(messageId, textOf(pdu));
      if (centre.submitted.length !== killAfter) return commandStatus.ESME_ROK;
      program.child.kill('SIGKILL');
      return 'silent';
    };
    const made: string[] = [];
    try {
      for (const msisdn of numbers) {
        for (const ackMode of ['NONE', 'NETWORK'] as const) {
          const value = { type: 'TEXT', payload: `${ackMode} ${msisdn}` };
          const url = `/api/v1/deviceMgt/devices/${idOf(msisdn)}/commands`;
          const body = { request: { connector: 'sms', value }, policy: { ackMode } };
          made.push((await before.call<Command>('POST', url, body)).id);
        }
      }
    } catch {
      // What was not answered need not be there.
    }
    await program.ended;

    centre.onSubmit = (pdu, messageId) => {
      ids.set(messageId, textOf(pdu));
      return commandStatus.ESME_ROK;
    };
    const after = new Run();
    await using again = after.program;
    await after.start();
    expect((await after.commands()).map(({ id }) => id)).toEqual(expect.arrayContaining(made));
    const settled = ({ status, deliveryStatus, policy }: Command): boolean =>
      /PROCESSED|ERROR/.test(status) || (policy.ackMode === 'NETWORK' && deliveryStatus !== undefined);
    // Behind a command that waits for its receipt the next one of its device waits: receipts come as they can.
    await until(async () => {
      for (const messageId of [...ids.keys()]) {
        ids.delete(messageId);
        await centre.receipt({ messageId, state: 'DELIVERED' });
      }
      return (await after.commands()).every(settled);
    });
    for (const command of await after.commands()) {
      const sent = centre.submitted.filter((pdu) => textOf(pdu) === command.request.value.payload).length;
      expect(sent, command.request.value.payload).toBeLessThanOrEqual(attemptsOf(command));
      expect(attemptsOf(command)).toBe(1);
      if (command.status === 'ERROR') expect(command.errorCode).toBe('SENDING_INTERRUPTED');
      if (command.status === 'PROCESSED') expect(sent).toBe(1);
    }
    expect(again.child.exitCode).toBeNull();
  },
);

it('a message that the centre has its answer for is there after a kill, once', async () => {
  const before = new Run();
  await using program = before.program;
  await before.start();
  await before.register();
  const taken: string[] = [];
  const sending = Array.from({ length: 60 }, async (_, index) => {
    const [msisdn = ''] = numbers;
    const text = `message ${index}`;
    const status = await centre.deliver(msisdn, '20259', shortText(text)).catch(() => undefined);
    if (status !== commandStatus.ESME_ROK) return;
    taken.push(text);
    if (taken.length === 20) program.child.kill('SIGKILL');
  });
  await Promise.all(sending);
  await program.ended;
  const after = new Run();
  await using _ = after.program;
  await after.start();
  const stored = await after.call<{ value: { payload: string } }[]>(
    'GET',
    `/api/v0/data/streams/${idOf(numbers[0] ?? '')}?limit=100`,
  );
  const payloads = stored.map(({ value }) => value.payload);
  expect(taken.length).toBeGreaterThanOrEqual(20);
  for (const text of taken) expect(payloads.filter((payload) => payload === text)).toHaveLength(1);
  expect(new Set(payloads).size).toBe(payloads.length);
});
