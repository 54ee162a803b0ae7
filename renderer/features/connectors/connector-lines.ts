import { keyPlaceholder, shellText } from '../../ui/curl.ts';

/** Lines that connect as an external connector: one tells of a node, the other one listens for commands. */
export function connectorLines(url: string, key = keyPlaceholder): { publish: string; subscribe: string } {
  const to = optionsFor(url, key);
  const status = JSON.stringify({ status: 'ONLINE', capabilities: { command: { available: true } } });
  return {
    publish: `mosquitto_pub ${to} -i backend -t connector/v1/nodes/node-1/status -m '${status}'`,
    subscribe: `mosquitto_sub ${to} -i backend-in -t connector/v1/requests/command`,
  };
}

/** Topic on which a connector sends the data of a node (manual 6.6.4). */
export const nodeDataTopic = (nodeId: string): string => `connector/v1/nodes/${nodeId}/data`;

/** A line that sends data of a node, as its external connector does. */
export function nodeDataLine(
  url: string,
  { nodeId, payload }: { nodeId: string; payload: string },
  key = keyPlaceholder,
): string {
  const to = optionsFor(url, key);
  return `mosquitto_pub ${to} -i backend-data -t '${shellText(nodeDataTopic(nodeId))}' -m '${shellText(payload)}'`;
}

function optionsFor(url: string, key: string): string {
  const { hostname, port, protocol } = new URL(url);
  const secure = protocol === 'mqtts:' ? ' --cafile ca.pem' : '';
  return `-h ${hostname} -p ${port}${secure} -u connector -P ${key} -q 1`;
}
