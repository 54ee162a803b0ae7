import type { SmscState } from '../../contract/sms/smsc.ts';
import type { Clock, Timer } from '../../platform/clock.ts';
import type { Files } from '../../platform/files.ts';
import type { Connection, Network } from '../../platform/sockets.ts';
import { plainDigits } from '../../protocols/smpp/address.ts';
import { SmppError } from '../../protocols/smpp/errors.ts';
import type { AnsweredRequest } from '../../protocols/smpp/layouts.ts';
import type { Pdu } from '../../protocols/smpp/pdu.ts';
import { SmppSession } from '../../protocols/smpp/session.ts';
import { commandStatus } from '../../protocols/smpp/status.ts';
import type { SmsSettings } from './sms-settings.ts';

export interface SmscAddress {
  readonly host: string;
  readonly port: number;
}

export interface SmscLinkParts {
  readonly network: Network;
  readonly files: Files;
  readonly wireClock: Clock;
  readonly settings: SmsSettings;
  /** Where the simulated centre of this program listens; undefined when it does not. */
  simulatedCentre(): SmscAddress | undefined;
}

export interface SmscLinkHandler {
  /** Messages go both ways from now on. */
  bound(address: SmscAddress): void;
  /** They did, and do no longer. */
  lost(reason: string): void;
  /** An attempt to bind failed; told of the first of several alike. */
  refused(reason: string): void;
  requested(pdu: Pdu): void;
  dropped(error: SmppError): void;
}

/** How long what was written may take to go out after the end of a session. */
const lingerMs = 5000;
/** SMPP 3.4. */
const interfaceVersion = 0x34;
/** Characters of an address_range (SMPP 3.4, 5.2.7). */
const longestRange = 40;

/** The connection to the short message centre: connects, binds, and does so again after each end. */
export class SmscLink {
  private readonly parts: SmscLinkParts;
  private readonly handler: SmscLinkHandler;
  private running = false;
  private connection: Connection | undefined;
  private current: SmppSession | undefined;
  private retry: Timer | undefined;
  private delayMs = 0;
  private lastReason: string | undefined;
  state: SmscState = 'OFF';
  sinceMs = 0;
  /** Why it is OFF or WAITING. */
  reason: string | undefined;
  address: SmscAddress | undefined;

  constructor(parts: SmscLinkParts, handler: SmscLinkHandler) {
    this.parts = parts;
    this.handler = handler;
  }

  /** The session by which requests go; undefined while the platform is not bound. */
  get session(): SmppSession | undefined {
    return this.state === 'BOUND' ? this.current : undefined;
  }

  start(): void {
    this.running = true;
    this.delayMs = this.parts.settings.smppReconnectMinMs;
    const { smppHost: host, smppPort: port } = this.parts.settings;
    this.address = host === '' ? this.parts.simulatedCentre() : { host, port };
    if (this.address) void this.connect(this.address);
    else {
      this.become(
        'OFF',
        'There is no short message centre: the setting smppHost names none, and the simulated one does not listen.',
      );
    }
  }

  stop(): void {
    this.running = false;
    this.retry?.cancel();
    this.retry = undefined;
    const { current } = this;
    // Who is asked politely may still answer what it has; nobody waits for that here.
    if (this.state === 'BOUND') current?.request('unbind').catch(() => {});
    this.become('OFF', 'The platform is stopping.');
    current?.close('the platform stops');
    this.connection = undefined;
    this.current = undefined;
  }

  /** Reads nothing more until {@link resume}. */
  pause(): void {
    this.connection?.stream.pause();
  }

  resume(): void {
    this.connection?.stream.resume();
  }

  private async connect(address: SmscAddress): Promise<void> {
    const { network, settings } = this.parts;
    this.become('CONNECTING', undefined);
    try {
      const tls = settings.smppTls ? { caPem: await this.authorities() } : undefined;
      const connection = await network.connect(address, { timeoutMs: settings.smppConnectTimeoutMs, tls });
      if (!this.running) {
        connection.stream.destroy();
        return;
      }
      await this.bind(connection, address);
    } catch (error) {
      this.failed(`${describe(address)}: ${(error as Error).message}`);
    }
  }

  private async bind(connection: Connection, address: SmscAddress): Promise<void> {
    const { settings, wireClock } = this.parts;
    const { stream } = connection;
    const session: SmppSession = new SmppSession(
      { write: (bytes) => void stream.write(bytes), end: () => stream.end(() => stream.destroy()) },
      {
        requested: (pdu) => this.requested(session, pdu),
        dropped: (error) => this.handler.dropped(error),
        ended: (reason) => this.ended(session, `${describe(address)}: ${reason}`),
      },
      wireClock,
      {
        responseTimeoutMs: settings.smppResponseTimeoutMs,
        keepAliveMs: settings.smppKeepAliveMs,
        maxPduBytes: settings.smppMaxPduBytes,
      },
    );
    this.connection = connection;
    this.current = session;
    stream.on('data', (chunk: Uint8Array) => session.receive(chunk));
    stream.on('error', () => {});
    stream.once('close', () => session.close('the centre closed the connection'));
    try {
      await session.request('bind_transceiver', {
        systemId: settings.smppSystemId,
        password: settings.smppPassword,
        systemType: settings.smppSystemType,
        addressRange: this.addressRange(),
        interfaceVersion,
      });
    } catch (error) {
      if (error instanceof SmppError && error.code !== 'smpp.closed') session.close(error.message);
      return;
    }
    if (this.current !== session) return;
    session.watch();
    this.delayMs = settings.smppReconnectMinMs;
    this.lastReason = undefined;
    this.become('BOUND', undefined);
    this.handler.bound(address);
  }

  /** Beside other clients of the simulated centre the platform takes nothing that is for them. */
  private addressRange(): string {
    const { smppHost, smppAddressRange, smsServerPhoneNumbers } = this.parts.settings;
    if (smppHost !== '' || smppAddressRange !== '') return smppAddressRange;
    const range = `^(${smsServerPhoneNumbers.map(plainDigits).join('|')})$`;
    return range.length <= longestRange ? range : '';
  }

  private requested(session: SmppSession, pdu: Pdu): void {
    if (pdu.command === 'unbind') {
      session.answer(pdu);
      session.close('the centre unbound the platform');
    } else if (session === this.session) this.handler.requested(pdu);
    // What came in one piece with the answer to the bind is taken once that has been.
    else queueMicrotask(() => this.requestedEarly(session, pdu));
  }

  private requestedEarly(session: SmppSession, pdu: Pdu): void {
    if (session === this.session) {
      this.handler.requested(pdu);
      return;
    }
    this.handler.dropped(new SmppError('smpp.malformed', `${pdu.command} came before the bind`));
    if (pdu.command !== 'alert_notification' && pdu.command !== 'outbind')
      session.answer(pdu as Pdu<AnsweredRequest>, commandStatus.ESME_RINVBNDSTS);
  }

  private ended(session: SmppSession, reason: string): void {
    if (this.current !== session) return;
    const { connection } = this;
    this.connection = undefined;
    this.current = undefined;
    // A centre that does not close its side as well must not keep the socket.
    if (connection && !connection.stream.destroyed) {
      const { stream } = connection;
      const linger = this.parts.wireClock.after('smpp-linger', lingerMs, () => stream.destroy());
      stream.once('close', () => linger.cancel());
    }
    const wasBound = this.state === 'BOUND';
    this.failed(reason, !wasBound);
    if (wasBound) this.handler.lost(reason);
  }

  private failed(reason: string, tell = true): void {
    if (!this.running) return;
    const { wireClock, settings } = this.parts;
    const isNews = this.lastReason !== reason;
    this.lastReason = reason;
    const { delayMs } = this;
    this.delayMs = Math.min(delayMs * 2, settings.smppReconnectMaxMs);
    this.become('WAITING', reason);
    this.retry = wireClock.after('smpp-reconnect', delayMs, () => {
      if (this.running && this.address) void this.connect(this.address);
    });
    if (tell && isNews) this.handler.refused(reason);
  }

  private async authorities(): Promise<string | undefined> {
    const { settings, files } = this.parts;
    const { smppTlsCaFile } = settings;
    if (smppTlsCaFile === '') return undefined;
    const bytes = await files.read(smppTlsCaFile);
    if (!bytes) throw new Error(`there is no file ${smppTlsCaFile} (setting smppTlsCaFile)`);
    return Buffer.from(bytes).toString('utf8');
  }

  private become(state: SmscState, reason: string | undefined): void {
    this.state = state;
    this.reason = reason;
    this.sinceMs = this.parts.wireClock.now();
  }
}

const describe = ({ host, port }: SmscAddress): string => `${host}:${port}`;
