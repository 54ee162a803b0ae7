import { isUtf8 } from 'node:buffer';
import {
  checkLimits,
  type DataLimits,
  type DataMessageInput,
  InvalidMessageError,
  readDataMessage,
} from '../../data/data-message.ts';

/** Reads a publication to `dev/data` (manual 6.5.5.1). @throws InvalidMessageError */
export function readJsonData(payload: Uint8Array, limits: DataLimits): DataMessageInput {
  if (!isUtf8(payload)) throw new InvalidMessageError('the payload is not UTF-8 text');
  const text = (payload as Buffer).toString('utf8');
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new InvalidMessageError(`the payload is not JSON: ${(error as Error).message}`);
  }
  const input = readDataMessage(raw);
  checkLimits(input, payload.byteLength, limits);
  return input;
}

/** Reads a publication to `dev/v1/data/binary` (manual 6.5.5.2). @throws InvalidMessageError */
export function readBinaryData(
  payload: Uint8Array,
  encoding: string | undefined,
  deviceId: string,
  limits: DataLimits,
): DataMessageInput {
  const input: DataMessageInput = {
    // Binary data goes to the stream of the device, whatever its default stream (manual 6.5.5.2).
    streamId: deviceId,
    timestampMs: undefined,
    model: undefined,
    value: { payload: Buffer.from(payload).toString('hex').toUpperCase() },
    location: undefined,
    tags: undefined,
    encoding,
    ignored: [],
  };
  checkLimits(input, payload.byteLength * 2, limits);
  return input;
}
