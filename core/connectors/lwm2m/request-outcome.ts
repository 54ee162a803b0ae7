import { codeText } from '../../protocols/coap/codes.ts';
import { CoapError } from '../../protocols/coap/errors.ts';
import type { CoapResponse } from '../../protocols/coap/request.ts';
import type { TwinOutcome } from '../twin-link.ts';
import type { DeviceRequest } from './device-request.ts';

/** The device answered an observation with the value alone. */
export class NotObserved extends Error {}

const mostCharsOfReason = 200;

/** What became of a request that was answered. */
export function outcomeOf(
  asked: Pick<DeviceRequest, 'read'>,
  response: CoapResponse,
  nowMs: number,
): TwinOutcome {
  if (!response.success) return errorOf(response);
  try {
    return { kind: 'ok', ...asked.read(response, nowMs) };
  } catch (error) {
    return { kind: 'unreadable', reason: (error as Error).message };
  }
}

/** Why the device ended an observation; undefined when it did not, but the way to it. */
export function endOf(reason: CoapResponse | CoapError): TwinOutcome | undefined {
  if (reason instanceof CoapError) return reason.code === 'coap.linkClosed' ? undefined : failureOf(reason);
  if (!reason.success) return errorOf(reason);
  return { kind: 'rejected', reason: 'the device does not observe it any more' };
}

function errorOf({ code, payloadText }: CoapResponse): TwinOutcome {
  const said = payloadText.slice(0, mostCharsOfReason);
  const text = codeText(code);
  return {
    kind: 'deviceError',
    code: (code >> 5) * 100 + (code & 0x1f),
    reason: said === '' ? text : `${text} ${said}`,
  };
}

/** What became of a request that was not. */
export function failureOf(error: unknown): Exclude<TwinOutcome, { kind: 'ok' }> {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof NotObserved)
    return { kind: 'rejected', reason: 'the device answered with the value, and does not observe it' };
  if (!(error instanceof CoapError)) return { kind: 'unreadable', reason };
  switch (error.code) {
    case 'coap.reset':
      return { kind: 'rejected', reason };
    case 'coap.queueFull':
    case 'coap.noMessageId':
      return { kind: 'unsent', reason };
    case 'coap.tooLarge':
    case 'coap.malformed':
      return { kind: 'invalid', reason };
    default:
      return { kind: 'timeout', reason };
  }
}
