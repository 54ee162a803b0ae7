import { type NodeFeature, nodeFeatures } from '../../../contract/external-connectors.ts';
import { InvalidMessageError, readTimestamp } from '../../../data/data-message.ts';
import { isObject, readDeviceJson } from '../read-device-json.ts';

/** What a connector says of one of its nodes (manual 6.6.3). */
export interface NodeStatus {
  readonly status: 'ONLINE' | 'OFFLINE';
  /** Only those that it names. */
  readonly capabilities: Readonly<Partial<Record<NodeFeature, boolean>>>;
  readonly lastContactMs: number | undefined;
  readonly sequence: StatusSequence;
}

/** By which of two statuses of a node is told to be the later one; each may be left out. */
export interface StatusSequence {
  readonly sessionSequenceId?: number;
  readonly eventSequenceId?: number;
}

const sequenceNames = ['sessionSequenceId', 'eventSequenceId'] as const;

/** Reads a publication to `connector/v1/nodes/{nodeId}/status`; a text says what is wrong with it. */
export function readNodeStatus(payload: Uint8Array): NodeStatus | string {
  const raw = readDeviceJson(payload, '{"status": "ONLINE", …}');
  if (typeof raw === 'string') return raw;
  const { status, lastContact } = raw;
  if (status !== 'ONLINE' && status !== 'OFFLINE') return 'status must be "ONLINE" or "OFFLINE"';
  const capabilities = readCapabilities(raw.capabilities);
  if (typeof capabilities === 'string') return capabilities;
  const sequence = readSequence(raw);
  if (typeof sequence === 'string') return sequence;
  let lastContactMs: number | undefined;
  try {
    lastContactMs = lastContact == null ? undefined : readTimestamp(lastContact);
  } catch (error) {
    if (!(error instanceof InvalidMessageError)) throw error;
    return `lastContact must be a time of ISO 8601: ${error.details}`;
  }
  return { status, capabilities, lastContactMs, sequence };
}

/**
 * False when a status came before with a higher id of the same kind: then this one is late, and not taken into account
 * (manual 6.6.3). The two ids are compared each for itself, and an id that is left out is not compared.
 */
export function isInSequence(sequence: StatusSequence, highest: StatusSequence): boolean {
  return sequenceNames.every((name) => {
    const [here, before] = [sequence[name], highest[name]];
    return here === undefined || before === undefined || here >= before;
  });
}

function readCapabilities(raw: unknown): Partial<Record<NodeFeature, boolean>> | string {
  const capabilities: Partial<Record<NodeFeature, boolean>> = {};
  if (raw === undefined || raw === null) return capabilities;
  if (!isObject(raw)) return 'capabilities must be an object: {"command": {"available": true}, …}';
  for (const feature of nodeFeatures) {
    const given = raw[feature];
    if (given === undefined || given === null) continue;
    if (!isObject(given) || typeof given.available !== 'boolean') {
      return `capabilities.${feature} must be {"available": true} or {"available": false}`;
    }
    capabilities[feature] = given.available;
  }
  return capabilities;
}

function readSequence(raw: Record<string, unknown>): StatusSequence | string {
  const sequence: { -readonly [Name in keyof StatusSequence]: StatusSequence[Name] } = {};
  for (const name of sequenceNames) {
    const id = raw[name];
    if (id === undefined || id === null) continue;
    if (!Number.isSafeInteger(id)) return `${name} must be a whole number`;
    sequence[name] = id as number;
  }
  return sequence;
}
