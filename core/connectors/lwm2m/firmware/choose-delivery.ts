import { type LinkProtocol, linkProtocols } from '../../connector.ts';
import type { FirmwareStatus } from './firmware-object.ts';

/** How a package gets to a device: written to it, or fetched by it. */
export type PackageDelivery = { readonly kind: 'push' } | { readonly kind: 'pull'; readonly uri: string };

/** Metadata of an update, or of its resource, that asks for one way. */
export const deliveryMetadata = 'delivery';

/**
 * Chooses by what the device can do (/5/0/8, /5/0/9). One that can do both gets the package written: that needs no way but
 * the one by which it is registered.
 * @param wanted `push` or `pull`, as somebody asked for it
 * @returns a text when there is no way, which says why
 */
export function chooseDelivery(
  { delivery, protocols }: Pick<FirmwareStatus, 'delivery' | 'protocols'>,
  wanted: string | undefined,
  linkBy: (protocol: LinkProtocol) => string | undefined,
): PackageDelivery | string {
  if (wanted !== undefined && wanted !== 'push' && wanted !== 'pull')
    return `The metadata ${deliveryMetadata} must be push or pull, not ${wanted}.`;
  if (wanted !== undefined && delivery !== 'both' && delivery !== wanted)
    return `The device takes packages by ${delivery} only (/5/0/9), and the metadata ${deliveryMetadata} asks for ${wanted}.`;
  const way = wanted ?? (delivery === 'pull' ? 'pull' : 'push');
  if (way === 'push') return { kind: 'push' };
  for (const protocol of linkProtocols) {
    const uri = protocols.includes(protocol) ? linkBy(protocol) : undefined;
    if (uri !== undefined) return { kind: 'pull', uri };
  }
  const offered = linkProtocols.filter((protocol) => linkBy(protocol) !== undefined);
  return `The device fetches packages by ${protocols.join(', ') || 'nothing that is known'} (/5/0/8); the platform serves this one by ${offered.join(', ') || 'nothing'}.`;
}
