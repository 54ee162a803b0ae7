import { Pattern } from '../../../core/contract/rsql/pattern.ts';
import { PatternError } from '../../../core/contract/rsql/pattern-syntax.ts';
import { malformed } from '../../../core/protocols/smpp/errors.ts';
import { commandStatus } from '../../../core/protocols/smpp/status.ts';

const mostSteps = 200;

/**
 * The numbers that a client takes: address_range is a regular expression (SMPP 3.4, 5.2.7), by which no client can keep the
 * centre busy. Undefined for an empty one, which is all.
 * @throws SmppError `smpp.malformed`
 */
export function readAddressRange(addressRange: string): Pattern | undefined {
  if (addressRange === '') return undefined;
  try {
    return new Pattern(addressRange, mostSteps);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    throw malformed(`address_range is no regular expression: ${error.message}`, commandStatus.ESME_RBINDFAIL);
  }
}
