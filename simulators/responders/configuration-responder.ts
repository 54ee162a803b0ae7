import type { ConfigurationResponderSettings } from '../../core/contract/responders.ts';
import type { Holding } from './holding.ts';
import { isInShare, type JsonObject, type Responder, type RespondingDevice, takeTime } from './responder.ts';

const topic = 'dev/cfg';

/** A parameter as it goes over the wire (manual 6.5.6.1). */
export interface WireValue {
  readonly t: string;
  readonly v: unknown;
}

/** Applies configuration, refuses it in whole or in part, or says nothing. */
export function configurationResponder(
  settings: ConfigurationResponderSettings,
  parameters: Holding<WireValue>,
): Responder {
  const { outcome } = settings;
  const refused = new Set(settings.refuses);
  const refuses = (key: string): boolean => outcome === 'refuse' || refused.has(key);
  return {
    topic: 'dev/cfg/upd',
    takes: (_request, device) => isInShare(settings, device),
    respond: async ({ cfg, cid }, device) => {
      if (outcome === 'never') return;
      await takeTime(settings, device);
      const configuration = parameters.of(device);
      const answer: JsonObject = {};
      for (const [key, asked] of Object.entries((cfg ?? {}) as Record<string, WireValue>)) {
        if (!refuses(key)) configuration.set(key, asked);
        answer[key] = configuration.get(key) ?? emptyOf(asked);
      }
      device.publish(topic, { cfg: answer, cid });
    },
  };
}

/** The device says what it has. */
export function reportConfiguration(device: RespondingDevice, parameters: Holding<WireValue>): void {
  device.publish(topic, { cfg: Object.fromEntries(parameters.of(device)) });
}

/** What a device says of a parameter that it refuses and has no value of: another one than it was asked to take. */
function emptyOf({ t, v }: WireValue): WireValue {
  if (t === 'str' || t === 'bin') return { t, v: v === '' ? 'AA==' : '' };
  return { t, v: v === 0 ? 1 : 0 };
}
