import { expect, test } from 'vitest';
import { firstPayload, firstTopic, type SnippetParts, snippets } from './snippets.ts';

const deviceId = 'urn:lo:nsid:demo:d1';
const base: Omit<SnippetParts, 'transport' | 'url'> = {
  clientId: deviceId,
  streamId: deviceId,
  key: 'k'.repeat(32),
  topic: firstTopic,
  payload: firstPayload,
};

test('MQTT: the real host, port, id and key, as the platform wants them', () => {
  const [pub, js, python] = snippets({ ...base, transport: 'mqtt', url: 'mqtt://127.0.0.1:18091' });
  expect(pub?.text).toContain(`mosquitto_pub -h 127.0.0.1 -p 18091 -i '${deviceId}'`);
  expect(pub?.text).toContain(`-u json+device -P ${base.key}`);
  expect(pub?.text).toContain(`-t 'dev/data' -m '{"value":{"temperature":21.5}}'`);
  expect(js?.text).toContain("connectAsync('mqtt://127.0.0.1:18091'");
  expect(js?.text).toContain(`publishAsync('dev/data', '{"value":{"temperature":21.5}}', { qos: 1 })`);
  expect(python?.text).toContain('client.connect("127.0.0.1", 18091)');
  expect(python?.text).toContain(`publish('dev/data', '{"value":{"temperature":21.5}}', qos=1)`);
});

test('a quote in the payload ends no text', () => {
  const payload = `{"value":{"name":"it's \\"on\\""}}`;
  const [pub, js] = snippets({ ...base, payload, transport: 'mqtt', url: 'mqtt://127.0.0.1:1' });
  expect(pub?.text).toContain(`-m '{"value":{"name":"it'\\''s \\"on\\""}}'`);
  expect(js?.text).toContain(JSON.stringify(payload));
});

test('TLS: every client is told of the authority', () => {
  const all = snippets({ ...base, transport: 'mqtts', url: 'mqtts://localhost:8883' });
  expect(all.every(({ text }) => text.includes('ca.pem'))).toBe(true);
});

test('WebSocket: with its path, and without the client that cannot', () => {
  const all = snippets({ ...base, transport: 'ws', url: 'ws://127.0.0.1:8080/mqtt' });
  expect(all.map(({ name }) => name)).toEqual(['mqtt.js', 'Python (paho)']);
  expect(all[1]?.text).toContain('ws_set_options(path="/mqtt")');
});

test('HTTP: to the stream of the device', () => {
  const [curl] = snippets({ ...base, transport: 'http', url: 'http://127.0.0.1:8080' });
  expect(curl?.text).toContain('/api/v0/data/streams/urn%3Alo%3Ansid%3Ademo%3Ad1');
});

test('a port that is not written is the usual one', () => {
  const [pub] = snippets({ ...base, transport: 'mqtt', url: 'mqtt://host' });
  expect(pub?.text).toContain('-p 1883');
});
