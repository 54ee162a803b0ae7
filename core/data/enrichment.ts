import type { ConnectorName } from '../contract/connectors.ts';
import type { DeviceInterface } from '../inventory/types.ts';
import type { DataMessageInput } from './data-message.ts';

/** Where a message came in. */
export interface MessageOrigin {
  readonly tenantId: string;
  readonly connector: ConnectorName;
  /** Undefined for a message that an application posted to a stream: no device sent it. */
  readonly via: DeviceInterface | undefined;
  /** What the network knows of the message, for its `metadata.network` (manual 7.8.11.1). */
  readonly network?: Readonly<Record<string, unknown>>;
}

/** The parts of a message's JSON that depend only on who sent it. */
export interface SenderParts {
  readonly deviceTags: readonly string[];
  readonly tagsJson: string;
  /** `,"extra":{…}` or nothing. */
  readonly extraJson: string;
  readonly sourceJson: string;
  readonly groupJson: string;
}

interface CachedParts {
  readonly device: object;
  readonly id: string;
  readonly tags: object;
  readonly properties: object;
  readonly groupPath: string;
  readonly parts: SenderParts;
}

const cache = new WeakMap<DeviceInterface, CachedParts>();
const nobody: SenderParts = { deviceTags: [], tagsJson: '[]', extraJson: '', sourceJson: '', groupJson: '' };

/** Made once for a device and again when its id, tags, properties or group change. */
export function senderParts(via: DeviceInterface | undefined): SenderParts {
  if (!via) return nobody;
  const { device } = via;
  const cached = cache.get(via);
  const fresh =
    cached &&
    cached.device === device &&
    cached.id === device.id &&
    cached.tags === device.tags &&
    cached.properties === device.properties &&
    cached.groupPath === device.group.path;
  if (fresh) return cached.parts;
  const hasProperties = Object.keys(device.properties).length > 0;
  const parts: SenderParts = {
    deviceTags: device.tags,
    tagsJson: JSON.stringify(device.tags),
    extraJson: hasProperties ? `,"extra":${JSON.stringify(device.properties)}` : '',
    sourceJson: `"source":${JSON.stringify(device.id)},`,
    groupJson: `,"group":${JSON.stringify({ id: device.group.id, path: device.group.path })}`,
  };
  const { id, tags, properties } = device;
  cache.set(via, { device, id, tags, properties, groupPath: device.group.path, parts });
  return parts;
}

/** The tags a message ends with: its own, then those of its device that it lacks. */
export function mergeTags(
  own: readonly string[] | undefined,
  ofDevice: readonly string[],
): readonly string[] {
  if (!own || own.length === 0) return ofDevice;
  if (ofDevice.length === 0) return own;
  return [...new Set([...own, ...ofDevice])];
}

/** What the platform itself adds to a message. */
export interface MessageStamp {
  readonly id: string;
  readonly streamId: string;
  readonly timestampMs: number;
  readonly createdMs: number;
  readonly encoding: string | undefined;
}

/**
 * The stored form of a message as JSON text (facts 7). Written piece by piece, since this runs for every
 * message: the sender's parts are ready-made, and only the value is walked.
 */
export function writeMessage(
  input: DataMessageInput,
  origin: MessageOrigin,
  stamp: MessageStamp,
  parts: SenderParts,
): string {
  let json = `{"id":"${stamp.id}","streamId":${quote(stamp.streamId)},"timestamp":"${isoTime(stamp.timestampMs)}","created":"${isoTime(stamp.createdMs)}"`;
  if (input.model !== undefined) json += `,"model":${quote(input.model)}`;
  if (input.value !== undefined) json += `,"value":${JSON.stringify(input.value)}`;
  if (input.location !== undefined) json += `,"location":${JSON.stringify(input.location)}`;
  const tags = mergeTags(input.tags, parts.deviceTags);
  // Messages of the twin have it also when there is nothing in it (manual 7.8.11.1).
  const extraJson = parts.extraJson || (origin.network ? ',"extra":{}' : '');
  json += `,"tags":${tags === parts.deviceTags ? parts.tagsJson : JSON.stringify(tags)}${extraJson}`;
  json += `,"metadata":{${parts.sourceJson}"connector":"${origin.connector}"`;
  if (stamp.encoding !== undefined) json += `,"encoding":${quote(stamp.encoding)}`;
  const networkJson = origin.network ? `,"network":${JSON.stringify(origin.network)}` : '';
  return `${json}${parts.groupJson}${networkJson}}}`;
}

const plainText = /^[\w:.\-!/ ]*$/;

/** JSON text of a string; most names need no escaping and then skip the slower way. */
function quote(text: string): string {
  return plainText.test(text) ? `"${text}"` : JSON.stringify(text);
}

let lastIsoMs = Number.NaN;
let lastIso = '';

/** Many messages share a millisecond, and formatting a date costs more than the rest of the stamp. */
function isoTime(epochMs: number): string {
  if (epochMs !== lastIsoMs) {
    lastIsoMs = epochMs;
    lastIso = new Date(epochMs).toISOString();
  }
  return lastIso;
}
