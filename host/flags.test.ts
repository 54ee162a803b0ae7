import { describe, expect, it } from 'vitest';
import { PlatformError } from '../core/contract/errors.ts';
import { readServeFlags, serveHelp, serveOptions } from './flags.ts';

const read = (...argv: string[]) => readServeFlags(argv, '/home/me/data');

describe('flags of serve', () => {
  it('has a default for everything', () => {
    expect(read()).toEqual({
      dataDir: '/home/me/data',
      host: '127.0.0.1',
      ports: {
        http: 8080,
        https: 8443,
        mqtt: 1883,
        mqtts: 8883,
        coaps: 5684,
        bs: 5784,
        lora: 1700,
        smpp: 2775,
      },
      masterKey: undefined,
      logLevel: 'warn',
      json: false,
      settings: {},
    });
  });

  it('takes every flag', () => {
    const argv =
      '--data-dir x --host 0.0.0.0 --http-port 1 --https-port=2 --mqtt-port 0 --mqtts-port off --json --log-level debug --set traceCapacity=5';
    expect(read(...argv.split(' '), '--master-key', '0123456789abcdefABCDEF0123456789')).toEqual({
      dataDir: 'x',
      host: '0.0.0.0',
      ports: { http: 1, https: 2, mqtt: 0, mqtts: undefined, coaps: 5684, bs: 5784, lora: 1700, smpp: 2775 },
      masterKey: '0123456789abcdefABCDEF0123456789',
      logLevel: 'debug',
      json: true,
      settings: { traceCapacity: 5 },
    });
    expect(read('--ephemeral').dataDir).toBeUndefined();
  });

  it('takes any free port where no other is given', () => {
    expect(read('--free-ports', '--mqtt-port', '2883', '--https-port', 'off').ports).toEqual({
      http: 0,
      https: undefined,
      mqtt: 2883,
      mqtts: 0,
      coaps: 0,
      bs: 0,
      lora: 0,
      smpp: 0,
    });
  });

  it('names every flag in the help', () => {
    for (const flag of Object.keys(serveOptions)) {
      expect(serveHelp).toContain(`\n  --${flag}`);
    }
  });

  it.each([
    [['--data-dir', 'x', '--ephemeral'], /--data-dir and --ephemeral exclude each other/],
    [['--data-dir='], /--data-dir is empty/],
    [['--data-dir'], /--data-dir/],
    [['--ephemeral=yes'], /--ephemeral/],
    [['--host', ''], /host "" is no address/],
    [['--host', '0'], /host "0" is no address/],
    [['--host', 'a b'], /host "a b" is no address/],
    [['--http-port', '65536'], /--http-port must be a number from 0 to 65535, or off, got "65536"/],
    [['--https-port', 'x'], /--https-port must be a number/],
    [['--mqtt-port=-1'], /--mqtt-port must be a number/],
    [['--mqtts-port', '1.5'], /--mqtts-port must be a number/],
    [['--mqtt-port', ''], /--mqtt-port must be a number/],
    [['--mqtt-port', '8080'], /The http and mqtt ports are both 8080/],
    [
      ['http', 'https', 'mqtt', 'mqtts', 'coaps', 'bs', 'lora', 'smpp'].flatMap((name) => [
        `--${name}-port`,
        'off',
      ]),
      /Every port is off: at least one must listen/,
    ],
    [['--master-key', '0123'], /--master-key must be 32 hexadecimal characters/],
    [['--log-level', 'loud'], /--log-level must be one of debug, info, warn, error, silent, got loud/],
    [['--json=1'], /--json/],
    [['--frob'], /'--frob'.*fleetbench serve --help lists the flags/],
    [['extra'], /'extra'/],
  ])('refuses %j', (argv, message) => {
    expect(() => read(...argv)).toThrow(PlatformError);
    expect(() => read(...argv)).toThrow(message);
  });
});
