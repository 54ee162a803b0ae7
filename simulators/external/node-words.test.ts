import { expect, it } from 'vitest';
import { toConnectorWords, toDeviceWords } from './node-words.ts';

const say = (topic: string, body: unknown) => {
  const said = toConnectorWords('n1', { topic, payload: JSON.stringify(body) }, 'last-update');
  return said && [said.topic, JSON.parse(said.payload)];
};

it.each<[string, unknown, [string, unknown] | undefined]>([
  ['dev/data', { value: { n: 1 } }, ['connector/v1/nodes/n1/data', { value: { n: 1 } }]],
  [
    'dev/cmd/res',
    { res: { done: true }, cid: 'c1' },
    ['connector/v1/responses/command', { id: 'c1', nodeId: 'n1', response: { done: true } }],
  ],
  [
    'dev/cfg',
    { cfg: { a: { t: 'u32', v: 5 } }, cid: 7 },
    [
      'connector/v1/responses/configuration',
      { nodeId: 'n1', targetVersion: 7, parameters: { a: { type: 'UINT32', value: 5 } } },
    ],
  ],
  [
    'dev/cfg',
    { cfg: { a: { t: 'f64', v: 0.5 } } },
    [
      'connector/v1/current/configuration',
      { nodeId: 'n1', parameters: { a: { type: 'FLOAT', value: 0.5 } } },
    ],
  ],
  [
    'dev/rsc',
    { rsc: { fw: { v: '1.0' } } },
    ['connector/v1/current/resource', { nodeId: 'n1', resources: { fw: { version: '1.0' } } }],
  ],
  ['dev/rsc/upd/res', { res: 'OK', cid: 'u1' }, undefined],
  [
    'dev/rsc/upd/res',
    { res: 'NOT_AUTHORIZED', cid: 'u1' },
    [
      'connector/v1/responses/resource',
      { nodeId: 'n1', updateCorrelationId: 'u1', status: 'FAILED', error: { code: 'NOT_AUTHORIZED' } },
    ],
  ],
  [
    'dev/rsc/upd/err',
    { errorCode: 'CRC', errorDetails: 'bad' },
    [
      'connector/v1/responses/resource',
      {
        ...{ nodeId: 'n1', updateCorrelationId: 'last-update', status: 'FAILED' },
        error: { code: 'CRC', details: 'bad' },
      },
    ],
  ],
  [
    'connector/v1/nodes/n1/status',
    { status: 'OFFLINE' },
    ['connector/v1/nodes/n1/status', { status: 'OFFLINE' }],
  ],
])('a node that says %s %j', (topic, body, expected) => {
  expect(say(topic, body)).toEqual(expected);
});

it('leaves what is no JSON as it is', () => {
  const odd = { topic: 'dev/cmd/res', payload: '{' };
  expect(toConnectorWords('n1', odd, undefined)).toEqual(odd);
});

it.each<[string, Record<string, unknown>, unknown]>([
  [
    'connector/v1/requests/command',
    { id: 'c1', nodeId: 'n1', value: { req: 'on', args: { level: 75 } }, ackMode: 'APPLICATIVE' },
    { topic: 'dev/cmd', body: { req: 'on', args: { level: 75 }, cid: 'c1' } },
  ],
  [
    'connector/v1/requests/configuration',
    { nodeId: 'n1', targetVersion: 7, parameters: { a: { type: 'INT32', value: 1 } } },
    { topic: 'dev/cfg/upd', body: { cfg: { a: { t: 'i32', v: 1 } }, cid: 7 } },
  ],
  [
    'connector/v1/requests/resource',
    {
      ...{
        nodeId: 'n1',
        resourceId: 'fw',
        updateCorrelationId: 'u1',
        sourceVersion: '1',
        targetVersion: '2',
      },
      delivery: { type: 'HTTP_DELIVERY', uri: 'http://h/dl/x', md5: 'm', size: 3 },
    },
    {
      topic: 'dev/rsc/upd',
      body: {
        ...{ id: 'fw', old: '1', new: '2', cid: 'u1' },
        m: { type: 'HTTP_DELIVERY', uri: 'http://h/dl/x', md5: 'm', size: 3 },
      },
    },
  ],
  ['elsewhere', {}, undefined],
])('a node that is asked on %s', (topic, request, expected) => {
  expect(toDeviceWords(topic, request)).toEqual(expected);
});
