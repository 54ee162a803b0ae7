import { malformed } from './errors.ts';
import { hasUserDataHeader } from './esm-class.ts';
import type { Pdu } from './pdu.ts';
import { commandStatus } from './status.ts';
import { tag, uintOption } from './tlv.ts';
import { partOf, readUserDataHeader, type UserData } from './user-data-header.ts';

/**
 * The content of a message: of short_message or message_payload, without its user data header, and which part of a long one
 * it is, by that header or by the sar_* options. Where both say so the header counts, as it goes to the device.
 * @throws SmppError `smpp.malformed`
 */
export function readContent({
  command,
  body,
  options,
}: Pdu<'submit_sm' | 'deliver_sm' | 'data_sm'>): UserData {
  const long = options.get(tag.messagePayload);
  const short = 'shortMessage' in body ? body.shortMessage : new Uint8Array(0);
  if (long && short.length > 0) {
    throw malformed(
      `${command} has both a short_message and a message_payload`,
      commandStatus.ESME_ROPTPARNOTALLWD,
    );
  }
  const bytes = long ?? short;
  const user: UserData = hasUserDataHeader(body.esmClass)
    ? readUserDataHeader(bytes)
    : { headerBytes: 0, content: bytes, part: undefined };
  if (user.part) return user;
  const reference = uintOption(options, tag.sarMsgRefNum, 2);
  if (reference === undefined) return user;
  const total = uintOption(options, tag.sarTotalSegments, 1);
  return { ...user, part: partOf(reference, total, uintOption(options, tag.sarSegmentSeqnum, 1)) };
}
