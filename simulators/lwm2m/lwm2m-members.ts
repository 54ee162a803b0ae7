import type { Lwm2mFleetTemplate } from '../../core/contract/simulators.ts';
import { CoapContext } from '../../core/protocols/coap/context.ts';
import { publicModels } from '../../core/protocols/lwm2m/models/public-models.ts';
import type { FleetMember, MemberParts } from '../fleet/fleet-member.ts';
import type { FleetRun } from '../fleet/fleet-run.ts';
import { toObjectModel } from './custom-models.ts';
import { Lwm2mDevice } from './lwm2m-device.ts';

/** Largest package that a server may write: what a device has room for it says itself (/5/0/5). */
const maxBodyBytes = 64 * 1024 * 1024;

/** Devices that speak LwM2M, with all that they can share. */
export async function lwm2mMembers(
  run: FleetRun<Lwm2mFleetTemplate>,
  parts: MemberParts,
): Promise<FleetMember[]> {
  const models = (await publicModels()).behind((run.models ?? []).map(toObjectModel));
  return Array.from({ length: run.template.count }, (_, index) => {
    const context: CoapContext = new CoapContext({
      clock: parts.wireClock,
      random: parts.random,
      settings: { maxBodyBytes, maxPartialBytes: maxBodyBytes },
      log: (entry) => device.logged(entry),
      handlerFailed: () => {
        parts.counts.errors += 1;
      },
    });
    const device = new Lwm2mDevice(index + 1, { ...parts, run, models, context });
    return device;
  });
}
