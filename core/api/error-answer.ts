import { z } from 'zod';
import { type ErrorCode, errorTable, PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';

/** Body of every error answer (facts 1). */
export const errorBody = z.object({
  id: z.uuid().describe('Id of this failure; the program log names it too'),
  code: z.string(),
  message: z.string(),
  details: z
    .string()
    .describe('What exactly was wrong, and where; the message again when there is no more to say'),
});

export type ErrorBody = z.infer<typeof errorBody>;

/**
 * The error as the caller is told it. What is not ours to tell becomes `api.internal`.
 * @param bodyLimit of the route that was called
 */
export function toPlatformError(
  error: unknown,
  bodyLimit: { bytes?: number | undefined; setting?: string | undefined; rule?: string | undefined } = {},
): PlatformError {
  if (error instanceof PlatformError) return error;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  const known = typeof code === 'string' ? fastifyErrors[code] : undefined;
  if (known?.code === 'api.bodyTooLarge' && bodyLimit.setting !== undefined) {
    const rule = bodyLimit.rule ?? `body: may have ${bodyLimit.bytes} bytes`;
    const details = `${rule} (setting ${bodyLimit.setting}).`;
    return new PlatformError(known.code, known.message, { cause: error, details });
  }
  if (known) return new PlatformError(known.code, known.message, { cause: error, details: String(message) });
  return new PlatformError('api.internal', 'The platform failed on this request. Its log has more.', {
    cause: error,
  });
}

/** What the web framework itself refuses. */
const fastifyErrors: Readonly<Record<string, { code: ErrorCode; message: string }>> = {
  FST_ERR_BAD_URL: { code: 'api.invalidParameter', message: 'The path is not valid percent-encoding.' },
  FST_ERR_MAX_PARAM_LENGTH: { code: 'api.invalidParameter', message: 'A part of the path is too long.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'api.invalidParameter',
    message: 'The body is not as long as Content-Length says.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'api.unsupportedMediaType',
    message: 'The body must be JSON, with the header Content-Type: application/json.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'api.bodyTooLarge', message: 'The body is too large.' },
};

export function toErrorBody(id: string, error: PlatformError): ErrorBody {
  return {
    id,
    code: errorTable[error.code].apiCode,
    message: error.message,
    details: error.details ?? error.message,
  };
}

/** One part of a request that does not fit its schema. */
export function invalidPart(part: string, error: z.ZodError): PlatformError {
  return invalidParameter(
    error.issues
      .slice(0, mostIssues)
      .map((issue) => describe(part, issue))
      .join('; '),
  );
}

/** Enough to mend a request by; a list of ten thousand bad items is not repeated in full. */
const mostIssues = 20;
const longestName = 80;

function describe(part: string, issue: z.core.$ZodIssue): string {
  const place = [part, ...issue.path.map((step) => String(step).slice(0, longestName))].join('.');
  return `${place}: ${issue.message}`;
}
