import { PlatformError } from '../../core/contract/errors.ts';
import { invalidParameter } from '../../core/contract/invalid-parameter.ts';
import type { SendOnce } from '../../core/contract/simulators.ts';
import { Lwm2mPath } from '../../core/protocols/lwm2m/path.ts';
import type { Asker } from './access.ts';
import type { Lwm2mVersion } from './answer-formats.ts';
import type { DeviceObjects } from './device-objects.ts';
import { ObjectOperations } from './object-operations.ts';
import { isTrue, type ResourceValue } from './resource-value.ts';
import type { ServerSession } from './server-session.ts';

/** What a Send has to find. */
export interface SendParts {
  readonly objects: DeviceObjects;
  readonly version: Lwm2mVersion;
  readonly asker: Asker;
  /** Mute Send (/1/x/23). */
  readonly muted: ResourceValue | undefined;
  /** @throws PlatformError when the device has none */
  session(): ServerSession;
}

/**
 * Sends values of a device at once (LwM2M Core 1.1.1, 6.4.4).
 * @throws PlatformError `simulators.wrongState`, `simulators.notAcknowledged`, `api.invalidParameter`
 */
export async function sendValues(message: SendOnce, parts: SendParts): Promise<void> {
  if (!('paths' in message))
    throw wrongState('The device cannot send that.', 'An LwM2M device sends values: name their paths.');
  if (parts.version === '1.0')
    throw wrongState('The device cannot send.', 'Send came with LwM2M 1.1, and the device speaks 1.0.');
  const session = parts.session();
  const { muted } = parts;
  if (muted === undefined || isTrue(muted)) {
    const how = muted === undefined ? 'is not there, which is the same as true' : 'is true';
    throw wrongState('The device may not send.', `The server has muted it: Mute Send (/1/x/23) ${how}.`);
  }
  const operations = new ObjectOperations(parts.objects);
  const content = operations.readComposite(message.paths.map(Lwm2mPath.parse), parts.asker);
  if (content.records.length === 0)
    throw invalidParameter(`body.paths: the device has no value at ${message.paths.join(', ')}`);
  const response = await session.send(content).catch((error) => {
    throw notAcknowledged('The platform did not answer the Send.', String(error.message));
  });
  if (response.success) return;
  const said = `It answered ${response.codeText} ${response.payloadText}`.trim();
  throw notAcknowledged('The platform did not take the Send.', said);
}

export const wrongState = (message: string, details: string): PlatformError =>
  new PlatformError('simulators.wrongState', message, { details });

const notAcknowledged = (message: string, details: string): PlatformError =>
  new PlatformError('simulators.notAcknowledged', message, { details });
