import { describe, expect, it } from 'vitest';
import { readSettings } from './setting-flags.ts';

describe('readSettings', () => {
  it('reads numbers and lists, the last of a name', () => {
    const given = ['traceCapacity=5', 'traceCapacity=7', 'httpAllowedOrigins=http://a,http://b'];
    expect(readSettings(given)).toEqual({ traceCapacity: 7, httpAllowedOrigins: ['http://a', 'http://b'] });
    expect(readSettings(['httpAllowedOrigins='])).toEqual({ httpAllowedOrigins: [] });
    expect(readSettings([])).toEqual({});
    const words = ['connectorPlainOnLoopback=true', 'mqttCommandAckMode=NETWORK'];
    expect(readSettings(words)).toEqual({ connectorPlainOnLoopback: true, mqttCommandAckMode: 'NETWORK' });
  });

  it.each([
    ['color=red', /no setting has the name "color"; there are traceCapacity/],
    ['__proto__=1', /no setting/],
    ['traceCapacity', /traceCapacity must be a whole number above 0, got ""/],
    ['traceCapacity=0', /above 0, got "0"/],
    ['traceCapacity=-1', /got "-1"/],
    ['traceCapacity=1.5', /got "1.5"/],
    ['connectorPlainOnLoopback=yes', /must be true or false, got "yes"/],
    ['traceCapacity=ten', /got "ten"/],
  ])('refuses %s', (assignment, message) => {
    expect(() => readSettings([assignment])).toThrow(message);
  });
});
