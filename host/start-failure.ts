import { type ErrorCode, errorTable, PlatformError } from '../core/contract/errors.ts';

/** Why the platform did not start, for a person. */
export interface StartFailure {
  /** Undefined for what the system refused. */
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly details: string | undefined;
  /** The port that another program has, when that was the trouble. */
  readonly port: number | undefined;
}

/** What the user can act on; undefined for a defect, whose stack trace must be seen. */
export function toStartFailure(error: unknown): StartFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (isPlatformError(error)) {
    const { code, message, details, cause } = error;
    const refusal = (cause ?? {}) as { code?: unknown; port?: unknown };
    const taken = refusal.code === 'EADDRINUSE' && typeof refusal.port === 'number';
    return { code, message, details, port: taken ? (refusal.port as number) : undefined };
  }
  // What the system refuses: its text names the call and the path.
  if ('syscall' in error) {
    return {
      code: undefined,
      message: `Cannot start: ${error.message}`,
      details: undefined,
      port: undefined,
    };
  }
  return undefined;
}

/** By its code, because an error of another bundle has another class. */
function isPlatformError(error: Error): error is PlatformError {
  if (error instanceof PlatformError) return true;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && Object.hasOwn(errorTable, code);
}
