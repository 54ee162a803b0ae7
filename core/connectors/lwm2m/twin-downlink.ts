import type { TraceStore } from '../../bus/trace-store.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CoapResponse } from '../../protocols/coap/request.ts';
import { Lwm2mCodecError } from '../../protocols/lwm2m/codec-error.ts';
import { Lwm2mPath } from '../../protocols/lwm2m/path.ts';
import type { DeliveryRef } from '../delivery.ts';
import type { TwinDelivery, TwinDownlink, TwinOutcome, TwinReports } from '../twin-link.ts';
import type { DeviceAudit } from './device-audit.ts';
import { type DeviceRequest, deviceRequest, RequestInvalid, readValues } from './device-request.ts';
import type { Lwm2mSession, Registration } from './registration.ts';
import { endOf, failureOf, NotObserved, outcomeOf } from './request-outcome.ts';

export interface TwinDownlinkParts {
  readonly reports: TwinReports;
  readonly traces: TraceStore;
  /** The platform's time, which values without a time of their own get. */
  readonly clock: Clock;
  readonly audit: DeviceAudit;
  registrationOf(via: DeviceInterface): Registration | undefined;
  /** The device was heard. */
  heard(registration: Registration): void;
}

/** Carries what the twin engine asks of devices, and what they say of what is observed. */
export class Lwm2mTwinDownlink implements TwinDownlink {
  private readonly parts: TwinDownlinkParts;
  /** Requests that nobody has answered, to be given up. */
  private readonly underWay = new Map<number, AbortController>();

  constructor(parts: TwinDownlinkParts) {
    this.parts = parts;
  }

  takes(via: DeviceInterface): boolean {
    const registration = this.parts.registrationOf(via);
    return registration?.awake === true && registration.session?.closed === false;
  }

  send(via: DeviceInterface, delivery: TwinDelivery): void {
    const registration = this.parts.registrationOf(via);
    const tell = (outcome: TwinOutcome): void => this.parts.reports.ended(via, delivery, outcome);
    const session = registration?.session;
    if (!registration || !session || !this.takes(via)) {
      tell({
        kind: 'unsent',
        reason: registration ? 'the device does not listen now' : 'the device is not registered',
      });
      return;
    }
    let asked: DeviceRequest;
    try {
      asked = deviceRequest(delivery.request, registration, this.parts.reports.resourcesOf(via));
    } catch (error) {
      if (!(error instanceof RequestInvalid || error instanceof Lwm2mCodecError)) throw error;
      tell({ kind: 'invalid', reason: error.message });
      return;
    }
    const abort = new AbortController();
    this.underWay.set(delivery.correlation, abort);
    void this.exchange({ registration, session }, delivery, asked, abort.signal)
      .then((response) => {
        this.parts.heard(registration);
        return outcomeOf(asked, response, this.parts.clock.now());
      }, failureOf)
      .then((outcome) => {
        if (this.underWay.get(delivery.correlation) === abort) this.underWay.delete(delivery.correlation);
        if (!abort.signal.aborted) tell(outcome);
      });
  }

  withdraw(_via: DeviceInterface, { correlation }: DeliveryRef): void {
    this.underWay.get(correlation)?.abort();
    this.underWay.delete(correlation);
  }

  endObservation(via: DeviceInterface, number: number): void {
    const registration = this.parts.registrationOf(via);
    const observation = registration?.observations.get(number);
    if (!registration || !observation) return;
    registration.observations.delete(number);
    // A device that does not answer is told with the Reset of its next notification.
    if (registration.awake && observation.active) observation.cancel().catch(() => {});
    else observation.forget();
  }

  private async exchange(
    over: { readonly registration: Registration; readonly session: Lwm2mSession },
    { request, correlation }: TwinDelivery,
    { draft }: DeviceRequest,
    signal: AbortSignal,
  ): Promise<CoapResponse> {
    const { registration, session } = over;
    const { endpoint } = session;
    if (request.kind !== 'observe') return endpoint.request(draft, { signal });
    registration.observations.get(correlation)?.forget();
    const { paths } = request;
    const base = paths.length === 1 && paths[0] ? paths[0] : Lwm2mPath.root;
    const { observation, response } = await endpoint.observe(
      draft,
      {
        notified: (notification) => this.notified(over, correlation, base, notification),
        incomplete: ({ message }) =>
          this.parts.audit.refused(registration.via, `A notification of ${base} is lost`, message),
        ended: (reason) => {
          registration.observations.delete(correlation);
          const outcome = endOf(reason);
          if (outcome) this.parts.reports.ended(registration.via, { correlation, attempt: 0 }, outcome);
        },
      },
      { signal },
    );
    if (response.success && !observation.active) throw new NotObserved();
    if (observation.active) registration.observations.set(correlation, observation);
    return response;
  }

  private notified(
    { registration, session }: { readonly registration: Registration; readonly session: Lwm2mSession },
    observation: number,
    base: Lwm2mPath,
    notification: CoapResponse,
  ): Promise<void> {
    this.parts.heard(registration);
    const { via } = registration;
    const { reports, traces, clock } = this.parts;
    const { conversation } = session;
    const logged = conversation.lastReceived;
    const { tenantId } = via.device;
    const trace = traces.begin(
      {
        ...({ tenantId, connector: 'lwm2m', sender: via.nodeId, target: `notify ${base}` } as const),
        coapLogId: logged && String(logged.seq),
      },
      notification.payload,
    );
    let values: ReturnType<typeof readValues>;
    try {
      values = readValues(notification, base, reports.resourcesOf(via), clock.now());
    } catch (error) {
      const { message } = error as Error;
      conversation.join(logged, traces.refuse(trace, message));
      this.parts.audit.refused(via, `A notification of ${base} cannot be read`, message);
      // It would not be better if it came again.
      return Promise.resolve();
    }
    const origin = { kind: 'notify', observation } as const;
    return new Promise((stored, failed) => {
      const taken = reports.reported(via, { origin, values, trace }, (error) => {
        if (error) {
          failed(error);
          return;
        }
        conversation.join(logged, trace.messageId);
        stored();
      });
      if (taken === 'taken') return;
      this.endObservation(via, observation);
      stored();
    });
  }
}
