import type { EventBus } from '../bus/event-bus.ts';
import { MessageTrace } from '../bus/message-trace.ts';
import type { TraceStore } from '../bus/trace-store.ts';
import type { Done } from '../connectors/twin-link.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { TwinReportJson } from '../contract/twin.ts';
import { checkLimits, type DataLimits, InvalidMessageError } from '../data/data-message.ts';
import type { DataService } from '../data/data-service.ts';
import type { DeviceInterface } from '../inventory/types.ts';
import type { Clock } from '../platform/clock.ts';
import type { ResourceRecord } from '../protocols/lwm2m/content.ts';
import type { Lwm2mPath } from '../protocols/lwm2m/path.ts';
import type { Statement, Store } from '../store/types.ts';
import type { DataRules } from './data-rules.ts';
import type { ValueLimits } from './reported-values.ts';
import type { Twin } from './twin.ts';
import { twinMessages } from './twin-json.ts';
import type { TwinModels } from './twin-models.ts';
import type { TwinNotes } from './twin-notes.ts';
import type { TwinShelf } from './twin-shelf.ts';
import { reportView } from './twin-views.ts';

export interface ReporterParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly bus: EventBus<PlatformEvents>;
  readonly traces: TraceStore;
  readonly data: DataService;
  readonly models: TwinModels;
  readonly settings: ValueLimits & DataLimits;
}

/** Values that a device said, and what they are. */
export interface ValueReport {
  readonly origin: Extract<TwinReportJson['origin'], 'read' | 'notify' | 'send'>;
  readonly values: readonly ResourceRecord[];
  /** What the device has told in whole: what was there and is not among the values is gone. */
  readonly covers: readonly Lwm2mPath[];
}

/** Takes in what devices report: into the twin, and as data messages where a rule wants it. */
export class ValueReporter {
  private readonly parts: ReporterParts;
  private readonly shelf: TwinShelf;
  private readonly rules: DataRules;
  private readonly notes: TwinNotes;

  constructor(parts: ReporterParts, own: { shelf: TwinShelf; rules: DataRules; notes: TwinNotes }) {
    this.parts = parts;
    this.shelf = own.shelf;
    this.rules = own.rules;
    this.notes = own.notes;
  }

  /** Values in an answer: `also` is stored with them, in one transaction. */
  answered(
    via: DeviceInterface,
    twin: Twin,
    report: ValueReport,
    also: readonly Statement[],
    done: Done,
  ): void {
    const statements = [...this.keep(via, twin, report), ...also];
    this.parts.store.append(statements, (error) => {
      if (!error) this.tell(twin, report);
      done(error);
    });
  }

  /** Values that the device said by itself (manual 7.8.11): together with the data messages that they become. */
  reported(via: DeviceInterface, twin: Twin, report: ValueReport, trace: MessageTrace, done: Done): void {
    const statements = this.keep(via, twin, report);
    const messages = this.messagesOf(via, twin, report, trace);
    this.parts.data.acceptAll(messages, statements).then(
      () => {
        this.tell(twin, report);
        done();
      },
      (error: Error) => done(error),
    );
  }

  private keep(via: DeviceInterface, twin: Twin, { values, covers }: ValueReport): Statement[] {
    if (twin.deleted) return [];
    const { clock, settings } = this.parts;
    const { changed, problems } = twin.values.apply(values, covers, clock.now(), settings);
    if (problems.length > 0) this.notes.valuesNotKept(via, problems);
    return this.shelf.statementsOf(twin, { registered: false, changed });
  }

  private messagesOf(via: DeviceInterface, twin: Twin, { values }: ValueReport, trace: MessageTrace) {
    const { tenantId } = twin.device;
    const wanted = this.rules.matching(tenantId, values);
    if (wanted.length === 0 || twin.deleted) return [];
    const { clock, traces, models, settings } = this.parts;
    const origin = {
      ...{ tenantId, connector: via.connector, via },
      network: { [via.connector]: { ep: via.nodeId } },
    };
    const inputs = twinMessages(wanted, twin.findObjectIn(models), twin, trace.receivedMs);
    return inputs.flatMap((input, index) => {
      // Each message has its way, though they came in one piece.
      const { payload, payloadBytes, receivedMs, receivedUs } = trace;
      const own =
        index === 0 ? trace : new MessageTrace(trace.origin, payload, payloadBytes, receivedMs, receivedUs);
      own.add(
        clock.monotonicUs(),
        'validate',
        'ok',
        `wanted by the data rule ${this.rules.namesOf(tenantId)}`,
      );
      try {
        checkLimits(input, Number.POSITIVE_INFINITY, settings);
        return [{ origin, input, trace: own }];
      } catch (error) {
        if (!(error instanceof InvalidMessageError)) throw error;
        const reason = error.details ?? error.message;
        this.notes.messageRefused(via, reason, traces.refuse(own, reason));
        return [];
      }
    });
  }

  private tell({ device }: Twin, { origin, values }: ValueReport): void {
    if (values.length === 0) return;
    const nowMs = this.parts.clock.now();
    const describe = (): TwinReportJson => reportView(origin, values, nowMs);
    this.parts.bus.emit('twinReported', { tenantId: device.tenantId, deviceId: device.id, describe });
  }
}
