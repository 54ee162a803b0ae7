import type { TraceStore } from '../../bus/trace-store.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type { Clock } from '../../platform/clock.ts';
import { codes } from '../../protocols/coap/codes.ts';
import type { CoapRequest } from '../../protocols/coap/request.ts';
import type { Answer } from '../../protocols/coap/request-server.ts';
import { Lwm2mPath } from '../../protocols/lwm2m/path.ts';
import type { TwinReports } from '../twin-link.ts';
import { changed, diagnosis, durable } from './answers.ts';
import type { DeviceAudit } from './device-audit.ts';
import { RequestInvalid, readValues } from './device-request.ts';
import type { LogEntry } from './log/coap-log.ts';
import type { Lwm2mSession } from './registration.ts';

/** Who sends, and the entry of the log for its message. */
export interface SendOrigin {
  readonly via: DeviceInterface;
  readonly session: Lwm2mSession;
  readonly logged: LogEntry | undefined;
}

/** Takes in what devices send by themselves (LwM2M Core 1.1.1, 6.4.6). */
export class SendIntake {
  private readonly parts: {
    readonly traces: TraceStore;
    readonly twin: TwinReports;
    /** The platform's time, which values without a time of their own get. */
    readonly clock: Clock;
    readonly audit: DeviceAudit;
  };

  constructor(parts: SendIntake['parts']) {
    this.parts = parts;
  }

  /** The answer, when what was sent is stored. */
  async take({ via, session, logged }: SendOrigin, request: CoapRequest): Promise<Answer> {
    const { traces, twin, clock, audit } = this.parts;
    const { tenantId } = via.device;
    const { conversation } = session;
    const origin = {
      ...({ tenantId, connector: 'lwm2m', sender: via.nodeId, target: 'send' } as const),
      coapLogId: logged && String(logged.seq),
    };
    const trace = traces.begin(origin, request.payload);
    let values: ReturnType<typeof readValues>;
    try {
      values = readValues(request, Lwm2mPath.root, twin.resourcesOf(via), clock.now());
    } catch (error) {
      const { message } = error as Error;
      conversation.join(logged, traces.refuse(trace, message));
      audit.refused(via, 'What the device sent cannot be read', message);
      const isFormat = error instanceof RequestInvalid;
      return diagnosis(isFormat ? codes.unsupportedContentFormat : codes.badRequest, message);
    }
    await durable((done) => {
      if (twin.reported(via, { origin: { kind: 'send' }, values, trace }, done) === 'unwanted') done();
    });
    conversation.join(logged, trace.messageId);
    return changed;
  }
}
