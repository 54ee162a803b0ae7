import { createHash } from 'node:crypto';
import type { ResourceResponderSettings } from '../../core/contract/responders.ts';
import type { Holding } from './holding.ts';
import { isInShare, type Responder, type RespondingDevice, takeTime } from './responder.ts';

/** Bytes that are fetched at a time where nothing limits the speed. */
const partBytes = 1024 * 1024;
const longestDetails = 256;

/** A request for an update, as it goes over the wire (manual 6.5.8.2). */
interface UpdateRequest {
  readonly id: string;
  readonly old: string;
  readonly new: string;
  readonly m: { readonly uri: string; readonly size: unknown; readonly md5: string };
}

/** What the device says went wrong (manual 6.5.8.4). */
class UpdateFailure extends Error {
  readonly errorCode: string;

  constructor(errorCode: string, details: string) {
    super(details.slice(0, longestDetails));
    this.errorCode = errorCode;
  }
}

/**
 * Takes updates of resources: fetches the content, checks it, installs it and reports the new version; or refuses, fails
 * on the way, or says nothing.
 */
export function resourceResponder(settings: ResourceResponderSettings, versions: Holding<string>): Responder {
  const { outcome, resourceId: wanted, installMs, error } = settings;
  /** The answer of manual 6.5.8.3. */
  const answerTo = ({ id, old }: UpdateRequest, device: RespondingDevice): string => {
    if (outcome !== 'install' && outcome !== 'fail' && outcome !== 'stall') return outcome;
    const has = versions.of(device).get(id);
    return has !== undefined && old !== '' && has !== old ? 'WRONG_SOURCE_VERSION' : 'OK';
  };
  return {
    topic: 'dev/rsc/upd',
    takes: ({ id }, device) => (wanted === undefined || id === wanted) && isInShare(settings, device),
    respond: async ({ cid, ...given }, device) => {
      if (outcome === 'never') return;
      await takeTime(settings, device);
      const request = given as unknown as UpdateRequest;
      const res = answerTo(request, device);
      device.publish('dev/rsc/upd/res', { res, cid });
      if (res !== 'OK' || outcome === 'stall') return;
      try {
        await download(request, settings.bytesPerS, device);
        if (installMs > 0) await device.wait(installMs);
        if (outcome === 'fail') throw new UpdateFailure(error.errorCode, error.errorDetails);
      } catch (failure) {
        if (!(failure instanceof UpdateFailure)) throw failure;
        const { errorCode, message: errorDetails } = failure;
        device.publish('dev/rsc/upd/err', { errorCode, errorDetails });
        return;
      }
      versions.of(device).set(request.id, request.new);
      reportVersions(device, versions);
    },
  };
}

/** The device says which versions it has. */
export function reportVersions(device: RespondingDevice, versions: Holding<string>): void {
  const rsc = Object.fromEntries([...versions.of(device)].map(([id, version]) => [id, { v: version }]));
  device.publish('dev/rsc', { rsc });
}

/** Fetches the content in parts, no faster than the device is, and checks it. @throws UpdateFailure */
async function download(
  { m }: UpdateRequest,
  bytesPerS: number | undefined,
  device: RespondingDevice,
): Promise<void> {
  // A number as a text is one too (facts 4.3).
  const size = Number(m.size);
  const hash = createHash('md5');
  for (let offset = 0; offset < size; ) {
    const end = Math.min(size, offset + (bytesPerS ?? partBytes));
    const { status, bytes } = await device.fetchPart(m.uri, { start: offset, end }).catch((error: Error) => {
      throw new UpdateFailure('DOWNLOAD_FAILED', error.message);
    });
    if (status !== 206 || bytes.byteLength !== end - offset) {
      throw new UpdateFailure(
        'DOWNLOAD_FAILED',
        `HTTP ${status} with ${bytes.byteLength} bytes for ${m.uri}`,
      );
    }
    hash.update(bytes);
    offset = end;
    if (bytesPerS !== undefined) await device.wait(1000);
  }
  const md5 = hash.digest('hex');
  if (md5 !== m.md5) throw new UpdateFailure('MD5_MISMATCH', `the content has ${md5}, not ${m.md5}`);
}
