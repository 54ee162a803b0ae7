import type { AuditLog } from '../../audit/audit-log.ts';
import type { EventBus } from '../../bus/event-bus.ts';
import type { TraceStore } from '../../bus/trace-store.ts';
import type { HealthView } from '../../contract/bench.ts';
import type { PlatformEvents } from '../../contract/events.ts';
import type { SmscView } from '../../contract/sms/smsc.ts';
import type { DataService } from '../../data/data-service.ts';
import type { DeviceInterface, InterfaceRegistry } from '../../inventory/types.ts';
import { type Clock, isoTime } from '../../platform/clock.ts';
import type { Files } from '../../platform/files.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Network } from '../../platform/sockets.ts';
import { deliveredKind } from '../../protocols/smpp/esm-class.ts';
import type { AnsweredRequest } from '../../protocols/smpp/layouts.ts';
import type { Pdu } from '../../protocols/smpp/pdu.ts';
import { readReceipt } from '../../protocols/smpp/receipt.ts';
import { commandStatus } from '../../protocols/smpp/status.ts';
import { tag } from '../../protocols/smpp/tlv.ts';
import type { Store } from '../../store/types.ts';
import type { CommandReports, Connectivity } from '../connector.ts';
import { Receipts } from './receipts.ts';
import { SmsCommands } from './sms-commands.ts';
import { SmsInterfaces } from './sms-interfaces.ts';
import { SmsLog } from './sms-log.ts';
import type { SmsSettings } from './sms-settings.ts';
import { type SmscAddress, SmscLink } from './smsc-link.ts';
import { type Submission, Submitter } from './submitter.ts';
import { Uplinks } from './uplinks.ts';

export interface SmsConnectorParts {
  readonly registry: InterfaceRegistry;
  readonly data: DataService;
  readonly store: Store;
  readonly traces: TraceStore;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly commands: CommandReports;
  readonly bus: EventBus<PlatformEvents>;
  /** The platform's time, for what is stored and shown. */
  readonly clock: Clock;
  /** Real time: time-outs, throughput and parts of messages are of the network. */
  readonly wireClock: Clock;
  readonly network: Network;
  readonly files: Files;
  readonly logger: Logger;
  readonly settings: SmsSettings;
  /** Every SMS interface of every tenant. */
  interfaces(): Iterable<DeviceInterface>;
  simulatedCentre(): SmscAddress | undefined;
  operatorTenant(): string | undefined;
}

/** Devices that are reached by short messages, over SMPP 3.4 with one short message centre (manual 5.5.2). */
export class SmsConnector {
  readonly connectivity: Connectivity;
  private readonly parts: SmsConnectorParts;
  private readonly log: SmsLog;
  private readonly interfaces: SmsInterfaces;
  private readonly receipts: Receipts;
  private readonly submitter: Submitter;
  private readonly uplinks: Uplinks;
  private readonly link: SmscLink;
  /** Messages of the centre that wait for their answer. */
  private unanswered = 0;

  constructor(parts: SmsConnectorParts) {
    this.parts = parts;
    const { settings, commands: reports } = parts;
    const log = new SmsLog(parts);
    const interfaces = new SmsInterfaces(parts);
    const receipts = new Receipts({ ...parts, reports });
    const submitter = new Submitter({
      ...{ ...parts, reports, receipts },
      session: () => this.link.session,
      accepted: (submission) => this.accepted(submission),
    });
    this.link = new SmscLink(parts, {
      bound: ({ host, port }) => {
        const as = `As ${settings.smppSystemId}, at ${host}:${port}.`;
        // That the program has found its own centre is no news.
        if (settings.smppHost !== '') log.centre('info', 'Bound to the short message centre', as);
        reports.allReady('sms');
      },
      lost: (reason) => {
        submitter.lost(reason);
        log.centre('error', 'The short message centre is gone', reason);
      },
      refused: (reason) => log.centre('error', 'The short message centre cannot be reached', reason),
      requested: (pdu) => this.requested(pdu),
      dropped: (error) => log.drop('malformedPdu', error.message),
    });
    this.connectivity = {
      connector: 'sms',
      commands: new SmsCommands({ submitter, settings, isBound: () => this.link.session !== undefined }),
    };
    this.uplinks = new Uplinks({ ...parts, interfaces, log });
    this.log = log;
    this.interfaces = interfaces;
    this.receipts = receipts;
    this.submitter = submitter;
  }

  /** How often something that came was dropped, by reason, since the program started. */
  get dropped(): Readonly<Record<string, number>> {
    return this.log.dropped;
  }

  /** The part of {@link view} that everybody may see. */
  health(): HealthView['sms'] {
    const { state, reason, address } = this.link;
    const url = address && `smpp://${hostInUrl(address.host)}:${address.port}`;
    return { state, ...(reason !== undefined && { reason }), ...(url !== undefined && { url }) };
  }

  view(): SmscView {
    const { link, submitter, receipts } = this;
    const { smppSystemId: systemId, smppTls: tls, smsServerPhoneNumbers } = this.parts.settings;
    const { smsDefaultAlphabet, smsLongMessages: longMessages, smsMaxParts: maxParts } = this.parts.settings;
    return {
      ...{ state: link.state, since: isoTime(link.sinceMs) },
      ...(link.reason !== undefined && { reason: link.reason }),
      ...(link.address && { host: link.address.host, port: link.address.port }),
      ...{ systemId, tls, serverPhoneNumbers: [...smsServerPhoneNumbers] },
      ...{ defaultAlphabet: smsDefaultAlphabet, longMessages, maxParts },
      ...{ queued: submitter.queued, unanswered: submitter.unanswered, awaitedReceipts: receipts.size },
    };
  }

  async start(): Promise<void> {
    this.interfaces.start();
    await this.receipts.start();
    await this.uplinks.start();
    this.link.start();
  }

  stop(): void {
    this.link.stop();
    this.submitter.stop();
    this.uplinks.stop();
    this.receipts.stop();
    this.interfaces.stop();
  }

  private requested(pdu: Pdu): void {
    const { session } = this.link;
    if (pdu.command !== 'deliver_sm' && pdu.command !== 'data_sm') {
      this.log.drop('unexpectedPdu', `${pdu.command}, which a centre does not ask of a client`);
      // These two have no answer (SMPP 3.4, 4.1.7 and 4.12).
      if (pdu.command !== 'alert_notification' && pdu.command !== 'outbind')
        session?.answer(pdu as Pdu<AnsweredRequest>, commandStatus.ESME_RINVCMDID);
      return;
    }
    this.unanswered++;
    if (this.unanswered >= this.parts.settings.smppReceiveWindow) this.link.pause();
    const answer = (status: number): void => {
      this.unanswered--;
      session?.answer(pdu, status);
      if (this.unanswered < this.parts.settings.smppReceiveWindow) this.link.resume();
    };
    const kind = deliveredKind(pdu.body.esmClass);
    if (kind === 'message') this.uplinks.take(pdu, answer);
    else this.takeReceipt(pdu, answer);
  }

  private takeReceipt(pdu: Pdu<'deliver_sm' | 'data_sm'>, answer: (status: number) => void): void {
    const bytes =
      pdu.options.get(tag.messagePayload) ?? ('shortMessage' in pdu.body ? pdu.body.shortMessage : []);
    const receipt = readReceipt(Buffer.from(bytes).toString('latin1'), pdu.options);
    if (!receipt) {
      this.log.drop(
        'malformedMessage',
        'Delivery receipt that does not say of which message, or what became of it',
      );
      answer(commandStatus.ESME_RX_P_APPN);
      return;
    }
    this.receipts.take(receipt, (outcome) => {
      if (outcome === 'unknown') {
        const what = `Delivery receipt (${receipt.state}) of message ${receipt.messageId}, which is not waited for`;
        this.log.drop('unknownReceipt', what);
      }
      answer(outcome instanceof Error ? commandStatus.ESME_RX_T_APPN : commandStatus.ESME_ROK);
    });
  }

  private accepted({ via, delivery, serverPhoneNumber }: Submission): void {
    const { commands, registry, clock } = this.parts;
    commands.sent(delivery);
    const lastDownlink = { timestamp: isoTime(clock.now()), serverPhoneNumber };
    void registry.updateSession(via, { activity: { lastDownlink } });
  }
}

const hostInUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host);
