import { afterAll, beforeAll } from 'vitest';
import { messageOfOctets } from '../protocols/smpp/outgoing-message.ts';
import type { PlatformSettings } from '../settings.ts';
import { shortText } from './short-text.ts';
import { startTestPlatform, type TestPlatform } from './test-platform.ts';
import { TestSmsc } from './test-smsc.ts';
import { until } from './until.ts';

export const smsDevice = 'urn:lo:nsid:sensor:temp002';
export const smsNumber = '33600000001';
const serverNumber = '20259';
const form = { longMessages: 'UDH8', defaultAlphabet: 'GSM7', reference: 1 } as const;

export const octetMessage = (hex: string) => messageOfOctets(new Uint8Array(Buffer.from(hex, 'hex')), form);

/** A platform bound to a centre of the test, shared by the tests of a file, with one SMS device (manual 5.5.2.5). */
export function smsBench(settings: Partial<PlatformSettings> = {}) {
  const centre = new TestSmsc();
  let platform: TestPlatform;

  beforeAll(async () => {
    await centre.start();
    platform = await startTestPlatform({
      settings: { smppHost: '127.0.0.1', smppPort: centre.port, ...settings },
    });
    await bound();
  });
  afterAll(async () => {
    await platform?.stop();
    await centre.stop();
  });

  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await platform.call(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const bound = () =>
    until(() => platform.platform.sms.view().state === 'BOUND' && centre.session !== undefined);
  const commandUrl = (id: string) => `/api/v1/deviceMgt/commands/${id}`;

  return {
    centre,
    bound,
    call,
    get platform() {
      return platform;
    },
    async register(id: string = smsDevice, msisdn: string = smsNumber, definition: object = {}) {
      return call('POST', '/api/v1/deviceMgt/devices', {
        id,
        interfaces: [
          {
            ...{ connector: 'sms', enabled: true },
            definition: { msisdn, serverPhoneNumber: serverNumber, ...definition },
          },
        ],
      });
    },
    interface: (id: string = smsDevice, msisdn: string = smsNumber) =>
      call('GET', `/api/v1/deviceMgt/devices/${id}/interfaces/sms:${msisdn}`),
    /** The messages of a stream, the newest first. */
    messages: (streamId: string = smsDevice) => call('GET', `/api/v0/data/streams/${streamId}`),
    dropped: () => call('GET', '/bench/v1/sms/drops'),
    audit: () => call('GET', '/api/v0/auditlog/messages?subcategory=sms&limit=100'),
    send: (text: string, to = serverNumber, from: string = smsNumber) =>
      centre.deliver(from, to, shortText(text)),
    /** Asks for a command. @returns its id */
    async command(value: object, policy: object = {}, id: string = smsDevice): Promise<string> {
      const made = await call('POST', `/api/v1/deviceMgt/devices/${id}/commands`, {
        request: { connector: 'sms', value },
        policy,
      });
      return made.id;
    },
    commandOf: (id: string) => call('GET', commandUrl(id)),
    async reaches(id: string, status: string) {
      await until(async () => (await call('GET', commandUrl(id))).status === status);
      return call('GET', commandUrl(id));
    },
  };
}
