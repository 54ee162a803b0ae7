import { shortConfigTypes } from '../../core/contract/configuration.ts';
import type { ConfigurationResponderSettings } from '../../core/contract/responders.ts';
import { isInShare, type JsonObject, type Responder, type RespondingDevice, takeTime } from './responder.ts';

const memoryKey = 'configuration';
const topic = 'dev/cfg';

/** A parameter as it goes over the wire (manual 6.5.6.1). */
interface WireValue {
  readonly t: string;
  readonly v: unknown;
}

/** Applies configuration, refuses it in whole or in part, or says nothing; and reports what the device has. */
export function configurationResponder(settings: ConfigurationResponderSettings): Responder {
  const { outcome } = settings;
  const refused = new Set(settings.refuses);
  const refuses = (key: string): boolean => outcome === 'refuse' || refused.has(key);
  const atFirst = Object.entries(settings.has).map(
    ([key, { type, value }]) => [key, { t: shortConfigTypes[type], v: value }] as const,
  );
  const configurationOf = ({ memory }: RespondingDevice): Map<string, WireValue> => {
    const known = memory.get(memoryKey) as Map<string, WireValue> | undefined;
    if (known) return known;
    const made = new Map<string, WireValue>(atFirst);
    memory.set(memoryKey, made);
    return made;
  };
  return {
    topic: 'dev/cfg/upd',
    takes: (_request, device) => isInShare(settings, device),
    respond: async ({ cfg, cid }, device) => {
      if (outcome === 'never') return;
      await takeTime(settings, device);
      const configuration = configurationOf(device);
      const answer: JsonObject = {};
      for (const [key, asked] of Object.entries((cfg ?? {}) as Record<string, WireValue>)) {
        if (!refuses(key)) configuration.set(key, asked);
        answer[key] = configuration.get(key) ?? emptyOf(asked);
      }
      device.publish(topic, { cfg: answer, cid });
    },
    announce: (device) => {
      const configuration = configurationOf(device);
      if (configuration.size > 0) device.publish(topic, { cfg: Object.fromEntries(configuration) });
    },
  };
}

/** What a device says of a parameter that it refuses and has no value of: another one than it was asked to take. */
function emptyOf({ t, v }: WireValue): WireValue {
  if (t === 'str' || t === 'bin') return { t, v: v === '' ? 'AA==' : '' };
  return { t, v: v === 0 ? 1 : 0 };
}
