import type { VersionJson } from '../../../core/contract/resources.ts';

/** `has`: the device is there already; `notFrom`: it is not for devices with what this one has. */
export type VersionFit = 'fits' | 'has' | 'notFrom';

export interface VersionChoice {
  readonly version: string;
  readonly fit: VersionFit;
}

/** Versions that a device can be asked to go to, in the order given, each with how it fits what the device has. */
export function versionChoices(
  versions: readonly Pick<VersionJson, 'resourceVersionId' | 'compatibleVersions'>[],
  has: string | undefined,
): VersionChoice[] {
  return versions.map(({ resourceVersionId: version, compatibleVersions: from }) => {
    if (version === has) return { version, fit: 'has' };
    const fits = has === undefined || from.length === 0 || from.includes(has);
    return { version, fit: fits ? 'fits' : 'notFrom' };
  });
}

/** What a form begins with: the first that fits, or else the first. */
export const firstChoice = (choices: readonly VersionChoice[]): string | undefined =>
  (choices.find(({ fit }) => fit === 'fits') ?? choices[0])?.version;
