import { as923 } from './as923.ts';
import { eu868 } from './eu868.ts';
import type { Region, RegionName } from './region.ts';
import { us915 } from './us915.ts';

/** The regions that are served. */
export const regions: Readonly<Record<RegionName, Region>> = { EU868: eu868, US915: us915, AS923: as923 };

/** Where devices send at this frequency: no two regions share one. */
export const regionOfUplink = (frequencyHz: number): RegionName | undefined =>
  Object.values(regions).find((region) => region.takesUplink(frequencyHz))?.name;
