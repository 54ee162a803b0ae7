import { CoapError } from '../../core/protocols/coap/errors.ts';
import { DtlsError, type DtlsErrorCode } from '../../core/protocols/dtls/errors.ts';
import { BootstrapFailed } from './bootstrap-session.ts';
import { UnusableAccount } from './device-link.ts';
import { RegistrationRefusedByServer } from './server-session.ts';

/** A device that has no server to register at. */
export class ServerUnknown extends Error {}

const refusals: readonly DtlsErrorCode[] = ['dtls.unknownIdentity', 'dtls.badKey', 'dtls.alertReceived'];

/** Why a device is not registered: the platform does not want it, or could not be reached. */
export function connectProblem(error: unknown): { kind: 'refused' | 'lost'; text: string } {
  const text = error instanceof Error ? error.message : String(error);
  const isRefusal =
    (error instanceof DtlsError && refusals.includes(error.code)) ||
    error instanceof RegistrationRefusedByServer ||
    error instanceof BootstrapFailed ||
    error instanceof ServerUnknown ||
    error instanceof UnusableAccount;
  if (isRefusal) return { kind: 'refused', text };
  const isKnown = error instanceof DtlsError || error instanceof CoapError;
  return { kind: 'lost', text: isKnown ? text : `it could not connect: ${text}` };
}
