import { z } from 'zod';
import { deviceId } from '../../contract/devices.ts';

/** What routes about the twin of one device have in common. */
export const twinTag = 'Device twin';
export const twinUrl = '/api/v1/deviceMgt/devices/:deviceId/twin';
export const twinParams = z.object({ deviceId });
/** Of one of the things that belong to a twin. */
export const ofTwinParams = z.object({ deviceId, id: z.string() });
export const noTwin = 'No such device, or it has no twin';
export const notOfTwin = (what: string): string =>
  `No such device, it has no twin, or there is no such ${what}`;
