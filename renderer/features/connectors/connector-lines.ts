import { keyPlaceholder } from '../../ui/curl.ts';

/** Lines that connect as an external connector: one tells of a node, the other one listens for commands. */
export function connectorLines(url: string, key = keyPlaceholder): { publish: string; subscribe: string } {
  const { hostname, port, protocol } = new URL(url);
  const secure = protocol === 'mqtts:' ? ' --cafile ca.pem' : '';
  const to = `-h ${hostname} -p ${port}${secure} -u connector -P ${key} -q 1`;
  const status = JSON.stringify({ status: 'ONLINE', capabilities: { command: { available: true } } });
  return {
    publish: `mosquitto_pub ${to} -i backend -t connector/v1/nodes/node-1/status -m '${status}'`,
    subscribe: `mosquitto_sub ${to} -i backend-in -t connector/v1/requests/command`,
  };
}
