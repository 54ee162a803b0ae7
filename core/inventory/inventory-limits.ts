import { defaultInterfaceOffers, type InterfaceOffers } from '../contract/interface-kinds/offers.ts';
import { requireAtMost } from '../contract/require-at-most.ts';
import { defaultRsqlLimits, type RsqlLimits } from '../contract/rsql/parse.ts';

/** Bounds of the inventory that are choices of ours; those of the compatible API stand with the schemas. */
export interface InventoryLimits extends RsqlLimits, InterfaceOffers {
  /** Most interfaces of a device. */
  readonly deviceMaxInterfaces: number;
  /** Most tags of a device. */
  readonly deviceMaxTags: number;
  /** Most properties of a device. */
  readonly deviceMaxProperties: number;
  /** Most tags, and most properties, that one list of devices may ask for: each costs a look at the whole fleet. */
  readonly deviceListMaxFilters: number;
  /** Most words of one search: each is looked for in all texts of the fleet. */
  readonly explorerMaxWords: number;
  /** Most characters of the path of a group. */
  readonly groupMaxPathCharacters: number;
}

export const defaultInventoryLimits: InventoryLimits = {
  deviceMaxInterfaces: 20,
  deviceMaxTags: 100,
  deviceMaxProperties: 100,
  deviceListMaxFilters: 100,
  explorerMaxWords: 20,
  groupMaxPathCharacters: 1000,
  ...defaultRsqlLimits,
  ...defaultInterfaceOffers,
};

/** What of a device has a bound. */
interface Bounded {
  readonly tags?: readonly unknown[] | null | undefined;
  readonly properties?: object | null | undefined;
  readonly interfaces?: readonly unknown[] | null | undefined;
}

/**
 * Holds what a device is given against the limits.
 * @throws PlatformError `api.invalidParameter`, naming the field and the setting
 */
export function requireWithinLimits(given: Bounded, limits: InventoryLimits): void {
  const { tags, properties, interfaces } = given;
  requireAtMost(limits, 'deviceMaxTags', tags?.length, 'body.tags', 'tags');
  requireAtMost(
    limits,
    'deviceMaxProperties',
    Object.keys(properties ?? {}).length,
    'body.properties',
    'properties',
  );
  requireAtMost(limits, 'deviceMaxInterfaces', interfaces?.length, 'body.interfaces', 'interfaces');
}
