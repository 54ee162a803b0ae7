import type { AuditLog } from '../../../audit/audit-log.ts';
import type { BootstrapService } from '../../../bootstrap/bootstrap-service.ts';
import type { BootstrapEntry } from '../../../bootstrap/entry-record.ts';
import type { EventBus } from '../../../bus/event-bus.ts';
import type { PlatformEvents } from '../../../contract/events.ts';
import type { InventoryService } from '../../../inventory/inventory-service.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { DatagramSocket, UdpAddress } from '../../../platform/datagrams.ts';
import type { Logger } from '../../../platform/logger.ts';
import type { RandomSource } from '../../../platform/random.ts';
import { codes, methods } from '../../../protocols/coap/codes.ts';
import type { CoapEndpoint } from '../../../protocols/coap/endpoint.ts';
import type { CoapRequest } from '../../../protocols/coap/request.ts';
import type { Answer } from '../../../protocols/coap/request-server.ts';
import type { KeyLog } from '../../../protocols/dtls/handshake-keys.ts';
import type { DtlsSession } from '../../../protocols/dtls/session.ts';
import type { ValueFormat } from '../../../protocols/lwm2m/codec.ts';
import { contentFormatOf } from '../../../protocols/lwm2m/content-format.ts';
import { CoapsPort, type CoapsSettings, type RefusedClient } from '../coaps-port.ts';
import { FailureGuard } from '../failure-guard.ts';
import type { CoapLog } from '../log/coap-log.ts';
import { PortLog } from '../log/port-log.ts';
import { pskKeyOf } from '../psk-key.ts';
import { BootstrapFailure } from './bootstrap-failure.ts';
import { BootstrapLog } from './bootstrap-log.ts';
import { planBootstrap } from './bootstrap-plan.ts';
import { BootstrapRuns } from './bootstrap-runs.ts';

export interface BootstrapServerSettings extends CoapsSettings {
  /** How long a bootstrap may take from the request to the end. */
  readonly bootstrapTimeoutMs: number;
  /** How long a session with the bootstrap server may be silent before it is ended. */
  readonly bootstrapSessionIdleMs: number;
}

export interface BootstrapServerParts {
  readonly bootstrap: Pick<BootstrapService, 'configs' | 'entries'>;
  readonly inventory: Pick<InventoryService, 'findInterface' | 'updateSession' | 'interfaces'>;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly bus: EventBus<PlatformEvents>;
  readonly clock: Clock;
  readonly wireClock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  readonly settings: BootstrapServerSettings;
  /** Where a device reaches the platform's own LwM2M server; undefined: it does not listen. */
  runServerUri(device: UdpAddress): Promise<string | undefined>;
  /** Whose audit log gets what belongs to no tenant: who runs the instance. */
  operatorTenant(): string | undefined;
  readonly log: CoapLog;
  readonly keyLog?: KeyLog | undefined;
}

/** Formats in which objects are written to a client that does not ask for one, the best known first. */
const usualFormats: readonly ValueFormat[] = ['TLV', 'SENML_CBOR', 'SENML_JSON'];

const plainText = 0;

/** The LwM2M bootstrap server (manual 7.4.3, 7.7): lets clients in by their entries, and tells them where to register. */
export class BootstrapServer {
  private readonly parts: BootstrapServerParts;
  private readonly port: CoapsPort;
  private readonly guard: FailureGuard;
  private readonly log: BootstrapLog;
  private readonly runs: BootstrapRuns;

  constructor(parts: BootstrapServerParts) {
    const { wireClock, random, logger, settings } = parts;
    this.parts = parts;
    this.log = new BootstrapLog(parts);
    this.guard = new FailureGuard(wireClock, settings);
    this.runs = new BootstrapRuns({ ...parts, log: this.log });
    this.port = new CoapsPort({
      ...{ wireClock, random, logger, settings },
      limits: { sessionIdleMs: settings.bootstrapSessionIdleMs },
      keyLog: parts.keyLog,
      log: new PortLog({
        log: parts.log,
        server: 'bootstrap',
        clock: parts.clock,
        ownerOf: (identity) => {
          const entry = parts.bootstrap.entries.findByIdentity(identity);
          return entry && { tenantId: entry.tenantId, nodeId: entry.endpointName };
        },
      }),
      pskOf: (identity) => {
        const entry = parts.bootstrap.entries.findByIdentity(identity);
        return entry
          ? { key: pskKeyOf(entry.security.pskInfo.secret) }
          : { refused: 'no bootstrap entry has it (security.pskInfo.identity)' };
      },
      isKnown: (identity) => parts.bootstrap.entries.findByIdentity(identity) !== undefined,
      opened: (session, endpoint) => ({ request: (request) => this.handle(session, endpoint, request) }),
      refused: (client) => this.refused(client),
    });
  }

  attach(socket: DatagramSocket): void {
    this.port.attach(socket);
  }

  receive(datagram: Uint8Array, from: UdpAddress): void {
    this.port.receive(datagram, from);
  }

  start(): void {
    this.port.start();
    this.parts.bus.on('bootstrapKeyEnded', this, ({ pskIdentity }) => this.port.closeIdentity(pskIdentity));
  }

  /** Ends all sessions; bootstraps that are going on fail. Resolves when that is noted. */
  async stop(): Promise<void> {
    this.parts.bus.release(this);
    this.port.stop();
    this.guard.clear();
    await this.runs.stop();
  }

  get sessionCount(): number {
    return this.port.sessionCount;
  }

  private handle(
    session: DtlsSession,
    endpoint: CoapEndpoint,
    request: CoapRequest,
  ): Answer | Promise<Answer> {
    if (request.path.join('/') !== 'bs') return refusal(codes.notFound, 'only /bs is served here');
    if (request.method !== methods.POST) return refusal(codes.methodNotAllowed, 'only POST /bs');
    const entry = this.parts.bootstrap.entries.findByIdentity(session.pskIdentity);
    // A session ends with its entry; what came just before is answered all the same.
    if (!entry) return refusal(codes.badRequest, 'there is no bootstrap entry for this client any more');
    return this.request(entry, { endpoint, device: session.peer }, request);
  }

  /** Bootstrap-Request (LwM2M Core 1.1.1, 6.1.7.1). */
  private async request(
    entry: BootstrapEntry,
    { endpoint, device }: { readonly endpoint: CoapEndpoint; readonly device: UdpAddress },
    request: CoapRequest,
  ): Promise<Answer> {
    const client = `${entry.tenantId} ${entry.endpointName}`;
    if (!this.guard.allows(client)) {
      const maxAgeSeconds = Math.ceil(this.guard.waitMs(client) / 1000);
      return {
        ...refusal(codes.serviceUnavailable, 'it has failed too often; try again later'),
        maxAgeSeconds,
      };
    }
    const fail = (code: number, reason: string): Answer => {
      const isLast = this.guard.failed(client);
      this.log.refused(entry, request.peer, reason, isLast);
      return refusal(code, reason);
    };
    const query = new Map(request.query.map((part) => splitOnce(part)));
    const endpointName = query.get('ep') ?? entry.endpointName;
    if (endpointName !== entry.endpointName) {
      return fail(
        codes.badRequest,
        `the endpoint name ${JSON.stringify(endpointName.slice(0, longestShown))} is not that of its entry`,
      );
    }
    const formats = formatsFor(query.get('pct'));
    if (!formats) {
      return fail(
        codes.unsupportedContentFormat,
        `pct=${query.get('pct')?.slice(0, longestShown)} is none of 11542 (TLV), 110 (SenML JSON), 112 (SenML CBOR)`,
      );
    }
    await this.runs.requested(entry);
    try {
      const { bootstrap, inventory: registry, random } = this.parts;
      const runServerUri = await this.parts.runServerUri(device);
      const plan = planBootstrap(entry, { configs: bootstrap.configs, registry, random, runServerUri });
      this.runs.start(entry, { plan, formats, endpoint, peer: request.peer });
      return { code: codes.changed };
    } catch (error) {
      if (!(error instanceof BootstrapFailure)) throw error;
      await this.runs.failed(entry);
      return fail(codes.badRequest, error.message);
    }
  }

  private refused({ peer, pskIdentity, reason, code, isLast }: RefusedClient): void {
    const entry = this.parts.bootstrap.entries.findByIdentity(pskIdentity);
    const text = code === 'dtls.badKey' ? `wrong key: ${reason}` : reason;
    const from = `${peer.address}:${peer.port}`;
    if (entry) this.log.refused(entry, from, text, isLast);
    else this.log.unknown(pskIdentity, from, text, isLast);
  }
}

const longestShown = 100;

const refusal = (code: number, reason: string): Answer => ({
  ...{ code, contentFormat: plainText, payload: new Uint8Array(Buffer.from(reason, 'utf8')) },
});

function splitOnce(part: string): [name: string, value: string] {
  const at = part.indexOf('=');
  return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
}

/** @returns undefined for one that cannot be written */
function formatsFor(preferred: string | undefined): readonly ValueFormat[] | undefined {
  if (preferred === undefined) return usualFormats;
  const format = /^\d{1,5}$/.test(preferred) ? contentFormatOf(Number(preferred)) : undefined;
  const known = usualFormats.find((usual) => usual === format);
  return known && [known];
}
