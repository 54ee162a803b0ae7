import { describe, expect, it } from 'vitest';
import { checkAddresses, isLoopback } from './addresses.ts';

const ports = { http: 0, https: undefined, mqtt: 0, mqtts: undefined };

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    '::1',
    '::',
    '0.0.0.0',
    'fe80::1%eth0',
    'my-laptop.lan',
    '::ffff:127.0.0.1',
  ])('takes the host %s', (host) => {
    expect(() => checkAddresses(host, ports)).not.toThrow();
  });

  it.each(['', ' ', '0', '10', 'a b', 'http://x', '300.1.1.1', '1.2.3'])('refuses the host %j', (host) => {
    expect(() => checkAddresses(host, ports)).toThrow(/is no address/);
  });

  it.each([-1, 1.5, 65_536, Number.NaN])('refuses the port %s', (http) => {
    expect(() => checkAddresses('127.0.0.1', { ...ports, http })).toThrow(
      /The http port must be a whole number/,
    );
  });

  it('takes 0 for several ports, and any other number once', () => {
    expect(() => checkAddresses('127.0.0.1', { ...ports, https: 0 })).not.toThrow();
    expect(() => checkAddresses('127.0.0.1', { ...ports, https: 9, mqtts: 9 })).toThrow(
      'The https and mqtts ports are both 9.',
    );
  });

  it('knows which addresses stay on this machine', () => {
    for (const host of ['127.0.0.1', '127.8.9.1', 'LOCALHOST', '::1', '::ffff:127.0.0.1']) {
      expect(isLoopback(host), host).toBe(true);
    }
    for (const host of ['0.0.0.0', '::', '192.168.1.2', '127.0.0.1.nip.io', 'localhost.lan']) {
      expect(isLoopback(host), host).toBe(false);
    }
  });
});
