import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../core/platform/virtual-clock.ts';
import {
  DownloadFailure,
  type FirmwareFault,
  type FirmwareImage,
  FirmwareUpdate,
  firmwareResults,
  imageOf,
} from './firmware.ts';

const image = Buffer.from('firmware pump 2.1\nbytes');

let clock: VirtualClock;
let told: string[];
let installed: FirmwareImage[];
let deliver: (bytes: Uint8Array) => void;
let fail: (error: Error) => void;
let signal: AbortSignal;

beforeEach(() => {
  clock = new VirtualClock();
  told = [];
  installed = [];
});

function updateOf(fault?: FirmwareFault): FirmwareUpdate {
  return new FirmwareUpdate(
    { storageBytes: 1000, installMs: 5000, fault },
    {
      after: (name, delayMs, run) => clock.after(name, delayMs, run),
      download: (_uri, _most, given) => {
        signal = given;
        return new Promise((resolve, reject) => {
          deliver = resolve;
          fail = reject;
        });
      },
      changed: ({ state, result }) => void told.push(`${state}/${result}`),
      installed: (each) => void installed.push(each),
    },
  );
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const codeOf = (act: () => void): string => {
  try {
    act();
    return '';
  } catch (error) {
    return (error as Error).message.slice(0, 4);
  }
};

describe('FirmwareUpdate', () => {
  it('takes a package, and installs it when it is told to', () => {
    const update = updateOf();
    update.writePackage(image);
    expect(update.image).toEqual({ name: 'pump', version: '2.1', bytes: image.length });
    update.update();
    clock.advance(4999);
    expect(installed).toEqual([]);
    clock.advance(1);
    // Idle, downloading, downloaded, updating, and idle again with the result 1.
    expect(told).toEqual(['1/0', '2/0', '3/0', '0/1']);
    expect(installed).toEqual([{ name: 'pump', version: '2.1', bytes: image.length }]);
  });

  it('is downloading from the first of several blocks on, and gives up when nothing more comes', () => {
    const update = updateOf();
    update.packageBegins();
    expect(update.state).toBe(1);
    update.writePackage(image);
    expect([update.state, told]).toEqual([2, ['1/0', '2/0']]);
    update.packageBegins();
    expect(update.state).toBe(2);
    update.reset();
    update.packageBegins();
    clock.advance(247_000);
    expect([update.state, update.result]).toEqual([0, firmwareResults.connectionLost]);
  });

  it('refuses a package that is not what its sum says', () => {
    const update = updateOf();
    const sum = createHash('sha256').update('bytes').digest('hex');
    update.writePackage(Buffer.from(`firmware pump 2.1 sha256:${sum}\nbits!`));
    expect([update.state, update.result]).toEqual([0, firmwareResults.integrityFailure]);
    update.writePackage(Buffer.from(`firmware pump 2.1 sha256:${sum}\nbytes`));
    expect([update.state, update.image?.version]).toEqual([2, '2.1']);
  });

  it('fetches a package, and begins anew when the URI is emptied', async () => {
    const update = updateOf();
    update.writeUri('coaps://host/images/pump-2');
    expect([update.state, update.packageUri]).toEqual([1, 'coaps://host/images/pump-2']);
    deliver(Buffer.from('any'));
    await settled();
    expect([update.state, update.image?.name]).toEqual([2, 'pump-2']);
    update.writeUri('');
    expect([update.state, update.result, update.packageUri, update.image]).toEqual([0, 0, '', undefined]);
  });

  it('gives a download up that is reset or cancelled, whatever comes of it', async () => {
    const update = updateOf();
    update.writeUri('coap://host/a');
    update.writePackage(Buffer.of(0));
    expect([signal.aborted, update.state, update.result]).toEqual([true, 0, 0]);
    update.writeUri('coap://host/b');
    update.cancel();
    deliver(image);
    await settled();
    expect([update.state, update.result]).toEqual([0, firmwareResults.cancelled]);
  });

  it('refuses what has no place in its state', () => {
    const update = updateOf();
    expect(codeOf(() => update.update())).toBe('4.05');
    expect(codeOf(() => update.cancel())).toBe('4.05');
    update.writePackage(image);
    expect(codeOf(() => update.writePackage(image))).toBe('4.05');
    expect(codeOf(() => update.writeUri('coap://host/a'))).toBe('4.05');
    update.update();
    expect(codeOf(() => update.cancel())).toBe('4.05');
    expect(codeOf(() => update.update())).toBe('4.05');
  });

  it('says that there is no room, pushed and pulled', async () => {
    const update = updateOf();
    expect(codeOf(() => update.writePackage(new Uint8Array(1001)))).toBe('4.13');
    expect([update.state, update.result]).toEqual([0, firmwareResults.notEnoughStorage]);
    update.writeUri('coap://host/a');
    deliver(new Uint8Array(1001));
    await settled();
    expect([update.state, update.result]).toEqual([0, firmwareResults.notEnoughStorage]);
  });

  it.each([
    [new DownloadFailure(firmwareResults.invalidUri, 'x'), firmwareResults.invalidUri],
    [new DownloadFailure(firmwareResults.unsupportedProtocol, 'x'), firmwareResults.unsupportedProtocol],
    [new Error('gone'), firmwareResults.connectionLost],
  ])('tells why a download failed: %s', async (error, result) => {
    const update = updateOf();
    update.writeUri('x://host/a');
    fail(error);
    await settled();
    expect([update.state, update.result]).toEqual([0, result]);
  });

  it.each([
    ['integrityFailure', firmwareResults.integrityFailure],
    ['unsupportedType', firmwareResults.unsupportedType],
  ] as const)('finds in a package the fault that it is told of: %s', (fault, result) => {
    const update = updateOf(fault);
    update.writePackage(image);
    expect([update.state, update.result]).toEqual([0, result]);
  });

  it('fails to install when it is told so, and keeps what it has', () => {
    const update = updateOf('updateFailed');
    update.writePackage(image);
    update.update();
    clock.advance(5000);
    expect([update.state, update.result, installed]).toEqual([0, firmwareResults.updateFailed, []]);
  });

  it.each([
    ['outOfMemory', firmwareResults.outOfMemory],
    ['connectionLost', firmwareResults.connectionLost],
  ] as const)('breaks a download off when it is told so: %s', async (fault, result) => {
    const update = updateOf(fault);
    update.writeUri('coap://host/a');
    await settled();
    expect([update.state, update.result]).toEqual([0, result]);
  });
});

it('knows an image by its first line, and any other by its bytes', () => {
  expect(imageOf(Buffer.from('firmware a 1\r\n'), 'x')).toEqual({ name: 'a', version: '1', bytes: 14 });
  const [one, other] = ['1', '2'].map((text) => imageOf(Buffer.from(text), 'x').version);
  expect(one).toMatch(/^[0-9a-f]{8}$/);
  expect(one).not.toBe(other);
});
