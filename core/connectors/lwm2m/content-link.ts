import { PlatformError } from '../../contract/errors.ts';
import { codes } from '../../protocols/coap/codes.ts';
import type { Answer } from '../../protocols/coap/request-server.ts';
import { contentFormatNumbers } from '../../protocols/lwm2m/content-format.ts';
import type { DeliveredContent } from '../connector.ts';
import { diagnosis } from './answers.ts';
import type { LogOwner } from './log/coap-log.ts';

export interface OpenedContent extends DeliveredContent {
  readonly etag: Uint8Array;
  /** The interface that was asked to fetch it; undefined when it is not known. */
  readonly owner: LogOwner | undefined;
}

/**
 * Opens the content of an update by the token of its link.
 * @param isSecure whether it is asked for over DTLS: what is `secured` is for nobody else
 * @throws PlatformError `resources.linkNotFound`, `resources.linkExpired`
 */
export type OpenDownload = (token: string, isSecure: boolean) => OpenedContent;

/**
 * `GET /dl/{token}`: the content of an update, in blocks, for devices that fetch it by CoAP.
 * @param opened told whose content it is
 */
export function answerLink(
  open: OpenDownload,
  token: string,
  isSecure: boolean,
  opened: (owner: LogOwner | undefined) => void = () => {},
): Answer {
  try {
    const payload = open(token, isSecure);
    const { etag, owner } = payload;
    opened(owner);
    return { code: codes.content, contentFormat: contentFormatNumbers.OPAQUE, payload, etag };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return diagnosis(codes.notFound, error.message);
  }
}
