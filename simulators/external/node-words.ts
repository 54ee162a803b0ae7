import { type ConfigType, shortConfigTypes } from '../../core/contract/configuration.ts';
import type { OnWire } from '../mqtt/device-wire.ts';
import type { JsonObject } from '../responders/responder.ts';

/** Where a connector takes requests to its nodes (manual 6.6.2). */
export const requestTopics = ['command', 'configuration', 'resource'].map(
  (kind) => `connector/v1/requests/${kind}`,
);

const longTypes: ReadonlyMap<unknown, string> = new Map(
  Object.entries(shortConfigTypes).map(([long, short]) => [short, long]),
);

interface WireParameter {
  readonly t: string;
  readonly v: unknown;
}

const said = (topic: string, body: JsonObject): OnWire => ({
  topic: `connector/v1/${topic}`,
  payload: JSON.stringify(body),
});
const failed = (nodeId: string, updateCorrelationId: unknown, code: unknown, details?: unknown): OnWire =>
  said('responses/resource', { nodeId, updateCorrelationId, status: 'FAILED', error: { code, details } });

/**
 * What a connector says for what a node said in the words of MQTT devices (manual 6.5 to 6.6): undefined where the
 * connector mode has no word for it. What is not such a publication goes out as it is.
 * @param updateId of the update that the node was asked for last
 */
export function toConnectorWords(
  nodeId: string,
  { topic, payload }: OnWire,
  updateId: string | undefined,
): OnWire | undefined {
  if (topic === 'dev/data') return { topic: `connector/v1/nodes/${nodeId}/data`, payload };
  const body = topic.startsWith('dev/') ? readObject(payload) : undefined;
  switch (body && topic) {
    case 'dev/cmd/res':
      return said('responses/command', { id: body?.cid, nodeId, response: body?.res });
    case 'dev/cfg': {
      const parameters = Object.fromEntries(
        Object.entries((body?.cfg ?? {}) as Record<string, WireParameter>).map(([key, { t, v }]) => [
          key,
          { type: longTypes.get(t) ?? t, value: v },
        ]),
      );
      return body?.cid === undefined
        ? said('current/configuration', { nodeId, parameters })
        : said('responses/configuration', { nodeId, targetVersion: body.cid, parameters });
    }
    case 'dev/rsc': {
      const resources = Object.entries((body?.rsc ?? {}) as Record<string, { v: unknown }>).map(
        ([id, { v }]) => [id, { version: v }] as const,
      );
      return said('current/resource', { nodeId, resources: Object.fromEntries(resources) });
    }
    case 'dev/rsc/upd/res':
      return body?.res === 'OK' ? undefined : failed(nodeId, body?.cid, body?.res);
    case 'dev/rsc/upd/err':
      return failed(nodeId, updateId, body?.errorCode, body?.errorDetails);
    default:
      return { topic, payload };
  }
}

/** A request of the platform to a node (manual 6.6.5 to 6.6.7), as an MQTT device would have got it. */
export function toDeviceWords(
  topic: string,
  request: JsonObject,
): { topic: string; body: JsonObject } | undefined {
  switch (topic) {
    case 'connector/v1/requests/command':
      return { topic: 'dev/cmd', body: { ...(request.value as JsonObject | undefined), cid: request.id } };
    case 'connector/v1/requests/configuration': {
      const parameters = (request.parameters ?? {}) as Record<string, { type: ConfigType; value: unknown }>;
      const cfg = Object.entries(parameters).map(
        ([key, { type, value }]) => [key, { t: shortConfigTypes[type], v: value }] as const,
      );
      return { topic: 'dev/cfg/upd', body: { cfg: Object.fromEntries(cfg), cid: request.targetVersion } };
    }
    case 'connector/v1/requests/resource': {
      const { resourceId: id, sourceVersion, targetVersion, updateCorrelationId: cid, delivery } = request;
      return { topic: 'dev/rsc/upd', body: { id, old: sourceVersion, new: targetVersion, m: delivery, cid } };
    }
    default:
      return undefined;
  }
}

/** The JSON object that a text holds; undefined when it holds none. */
export function readObject(text: string): JsonObject | undefined {
  try {
    const raw: unknown = JSON.parse(text);
    return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
