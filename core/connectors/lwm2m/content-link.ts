import { PlatformError } from '../../contract/errors.ts';
import { codes } from '../../protocols/coap/codes.ts';
import type { Answer } from '../../protocols/coap/request-server.ts';
import { contentFormatNumbers } from '../../protocols/lwm2m/content-format.ts';
import type { DeliveredContent } from '../connector.ts';
import { diagnosis } from './answers.ts';

/**
 * Opens the content of an update by the token of its link.
 * @param isSecure whether it is asked for over DTLS: what is `secured` is for nobody else
 * @throws PlatformError `resources.linkNotFound`, `resources.linkExpired`
 */
export type OpenDownload = (
  token: string,
  isSecure: boolean,
) => DeliveredContent & { readonly etag: Uint8Array };

/** `GET /dl/{token}`: the content of an update, in blocks, for devices that fetch it by CoAP. */
export function answerLink(open: OpenDownload, token: string, isSecure: boolean): Answer {
  try {
    const payload = open(token, isSecure);
    const { etag } = payload;
    return { code: codes.content, contentFormat: contentFormatNumbers.OPAQUE, payload, etag };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return diagnosis(codes.notFound, error.message);
  }
}
