import { expect, it } from 'vitest';
import { lwm2mServerUri, type ServerUriParts } from './server-uri.ts';

const parts: ServerUriParts = {
  listensAt: 'coaps://127.0.0.1:5684',
  lwm2mPublicHost: '',
  localAddress: async () => '192.0.2.7',
};
const uri = (given: Partial<ServerUriParts>) =>
  lwm2mServerUri({ address: '192.0.2.99', port: 40_000 }, { ...parts, ...given });

it.each<[string, Partial<ServerUriParts>, string | undefined]>([
  ['has the address by which the device came', {}, 'coaps://192.0.2.7:5684'],
  ['has brackets around IPv6', { localAddress: async () => '2001:db8::7' }, 'coaps://[2001:db8::7]:5684'],
  ['has the host of the setting', { lwm2mPublicHost: 'meters.example' }, 'coaps://meters.example:5684'],
  [
    'is where the server listens when nobody knows more',
    { localAddress: () => Promise.reject(new Error('no way')) },
    'coaps://127.0.0.1:5684',
  ],
  ['is none while the server does not listen', { listensAt: undefined }, undefined],
])('the address of the LwM2M server %s', async (_what, given, expected) => {
  expect(await uri(given)).toBe(expected);
});
