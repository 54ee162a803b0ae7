import { type DataLimits, type DataMessageInput, InvalidMessageError } from '../../../data/data-message.ts';
import { describeValue } from '../../../data/describe-value.ts';
import { readJsonData } from '../device-data.ts';

/**
 * Reads a publication to `connector/v1/nodes/{nodeId}/data` (manual 6.6.4). One that names an encoding must have
 * something to decode (6.6.4.1).
 * @throws InvalidMessageError
 */
export function readNodeData(payload: Uint8Array, limits: DataLimits): DataMessageInput {
  const input = readJsonData(payload, limits);
  const encoded = input.value?.payload;
  if (input.encoding !== undefined && typeof encoded !== 'string') {
    const got = encoded === undefined ? 'none' : describeValue(encoded);
    throw new InvalidMessageError(
      `value.payload must be a text, which metadata.encoding says how to decode; got ${got}`,
    );
  }
  return input;
}
