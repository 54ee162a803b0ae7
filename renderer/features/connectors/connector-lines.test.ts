import { expect, it } from 'vitest';
import { connectorLines, nodeDataLine } from './connector-lines.ts';

it('names the address, with the certificate where there is TLS', () => {
  const { publish, subscribe } = connectorLines('mqtts://127.0.0.1:8883', 'k');
  expect(publish).toBe(
    `mosquitto_pub -h 127.0.0.1 -p 8883 --cafile ca.pem -u connector -P k -q 1 -i backend -t connector/v1/nodes/node-1/status -m '{"status":"ONLINE","capabilities":{"command":{"available":true}}}'`,
  );
  expect(subscribe).toContain('-t connector/v1/requests/command');
  expect(connectorLines('mqtt://localhost:1883').publish).not.toContain('cafile');
});

it('sends data of a node as its connector, whatever the payload holds', () => {
  const publication = { nodeId: 'valve-1', payload: `{"value":{"name":"it's 7"}}` };
  expect(nodeDataLine('mqtt://localhost:1883', publication, 'k')).toBe(
    `mosquitto_pub -h localhost -p 1883 -u connector -P k -q 1 -i backend-data -t 'connector/v1/nodes/valve-1/data' -m '{"value":{"name":"it'\\''s 7"}}'`,
  );
});
