import { z } from 'zod';
import { connectorNames } from './connectors.ts';
import { text } from './text.ts';

const part = (what: string) => text(300).optional().describe(`${what}; case does not matter`);

/** What messages can be sought by. Every field that is given must agree. */
export const messageFilter = z.object({
  text: part('Part of the value, as JSON or as `name value`, of the id, the stream or the device'),
  deviceId: text(300).optional().describe('Id of the device that sent it'),
  device: part('Part of the id of the device that sent it'),
  stream: part('Part of the stream'),
  model: part('Part of the model'),
  tag: text(300).optional().describe('One of its tags, whole'),
  connector: z.enum(connectorNames).optional(),
});

export type MessageFilter = z.infer<typeof messageFilter>;

/** The parts of a stored message that a filter looks at. */
export interface FilteredMessage {
  readonly id: string;
  readonly streamId: string;
  readonly model?: string | undefined;
  readonly value?: unknown;
  readonly tags?: readonly string[] | undefined;
  readonly metadata?:
    | { readonly source?: string | undefined; readonly connector?: string | undefined }
    | undefined;
}

/**
 * Whether a message is asked for: the one meaning of these filters, for the search of the platform as for what comes
 * live into a window.
 */
export function messageMatcher(filter: MessageFilter): (message: FilteredMessage) => boolean {
  const { deviceId, tag, connector } = filter;
  const [text, device, stream, model] = [filter.text, filter.device, filter.stream, filter.model].map(
    (wanted) => wanted?.toLowerCase(),
  );
  return (message) => {
    const { metadata, tags } = message;
    if (connector !== undefined && metadata?.connector !== connector) return false;
    if (deviceId !== undefined && metadata?.source !== deviceId) return false;
    if (device !== undefined && !holds(metadata?.source, device)) return false;
    if (stream !== undefined && !holds(message.streamId, stream)) return false;
    if (model !== undefined && !holds(message.model, model)) return false;
    if (tag !== undefined && !tags?.includes(tag)) return false;
    return text === undefined || searchedText(message).includes(text);
  };
}

const holds = (field: string | undefined, lowerPart: string): boolean =>
  field?.toLowerCase().includes(lowerPart) ?? false;

const texts = new WeakMap<FilteredMessage, string>();

/** Made once for a message: a window asks thousands of them again with every frame. */
function searchedText(message: FilteredMessage): string {
  const known = texts.get(message);
  if (known !== undefined) return known;
  const { id, streamId, metadata, value } = message;
  const json = JSON.stringify(value) ?? '';
  // Lists show `temp 21.5`, and what is shown must be found.
  const plain = json.replaceAll('"', '').replaceAll(':', ' ');
  const all = [id, streamId, metadata?.source ?? '', json, plain].join('\0').toLowerCase();
  texts.set(message, all);
  return all;
}
