import { createHmac } from 'node:crypto';

/** The AppKey of a device, 32 hexadecimal digits. It follows from the fleet's secret, so that nobody has to keep it. */
export const appKeyOf = (fleetSecret: string, devEui: string): string =>
  createHmac('sha256', fleetSecret).update(`lora ${devEui}`).digest('hex').slice(0, 32);
