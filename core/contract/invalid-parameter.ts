import { PlatformError } from './errors.ts';

/** What a caller gave does not fit. `details` names the field, what is wrong with it, and what is allowed. */
export function invalidParameter(details: string): PlatformError {
  return new PlatformError('api.invalidParameter', 'Something in the request is not valid.', { details });
}
