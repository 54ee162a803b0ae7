import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { KeyAuthenticator } from '../accounts/types.ts';
import type { EventBus } from '../bus/event-bus.ts';
import type { CommandHistoryEntry } from '../contract/commands.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import {
  type LiveChannel,
  type LiveEvent,
  type LiveHello,
  type LiveWelcome,
  liveChannels,
  liveHello,
} from '../contract/live.ts';
import type { Role } from '../contract/roles.ts';
import { type Clock, isoTime, type Timer } from '../platform/clock.ts';
import type { Connection, HttpRequest } from '../platform/sockets.ts';
import type { FifoService } from '../routing/fifo-service.ts';
import { LiveViewer } from './live-viewer.ts';

export interface LiveParts {
  readonly keys: KeyAuthenticator;
  readonly bus: EventBus<PlatformEvents>;
  readonly fifos: FifoService;
  /** The platform's time, for what is shown. */
  readonly clock: Clock;
  /** Real time, for how often something is sent. */
  readonly wireClock: Clock;
  /** Web origins, beside the platform's own, whose pages may watch. */
  readonly allowedOrigins: readonly string[];
  /** Answers a handshake that is not accepted. */
  refuse(stream: Duplex, error: PlatformError): void;
}

/** What a key needs to watch a channel; undefined: any key may. */
const neededRoles: Record<LiveChannel, Role | undefined> = {
  messages: 'DATA_R',
  refusals: 'DATA_R',
  metrics: 'DATA_R',
  devices: 'DEVICE_R',
  audit: 'LOGS_R',
  fifos: 'BUS_CONFIG_R',
  commands: 'DEVICE_R',
  configuration: 'DEVICE_R',
  campaigns: 'CAMPAIGN_R',
  clock: undefined,
  resources: 'DEVICE_R',
  twin: 'DEVICE_R',
  coap: 'DEVICE_R',
  lora: 'DEVICE_R',
};

const flushPeriodMs = 100;
const helloTimeoutMs = 10_000;
const largestHelloBytes = 10_000;
/** WebSocket close code of the application range: the hello was not accepted. */
const refusedCode = 4401;
/** The service begins anew (RFC 6455, 7.4.2, registered as 1012). */
const restartCode = 1012;

/** The live socket of the portal: events as they happen, in batches, to pages that may see them. */
export class LiveServer {
  private readonly parts: LiveParts;
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: largestHelloBytes });
  private readonly viewers = new Map<WebSocket, LiveViewer>();
  private timer: Timer | undefined;

  constructor(parts: LiveParts) {
    this.parts = parts;
    this.server.on('wsClientError', ({ message }, stream) => {
      parts.refuse(stream, invalidParameter(message));
    });
  }

  start(): void {
    const { bus, clock, wireClock } = this.parts;
    const time = (): string => isoTime(clock.now());
    bus.on('messageStored', this, ({ tenantId, deviceId, id, body }) => {
      this.tell('messages', tenantId, deviceId, () => ({ channel: 'messages', id, body }));
    });
    bus.on('messageRefused', this, ({ tenantId, refusal }) => {
      // Of no known device it is nobody else's either.
      this.tell('refusals', tenantId, refusal.deviceId ?? '', () => ({ channel: 'refusals', ...refusal }));
    });
    bus.on('auditRecorded', this, ({ tenantId, message }) => {
      this.tell('audit', tenantId, message.source.deviceId, () => ({ channel: 'audit', message }));
    });
    bus.on('metricsPoint', this, ({ tenantId, point }) => {
      this.tell('metrics', tenantId, undefined, () => ({ channel: 'metrics', point }));
    });
    bus.on('commandChanged', this, ({ tenantId, deviceId, describe }) => {
      this.tell('commands', tenantId, deviceId, () => {
        const { id, history } = describe();
        return { channel: 'commands', id, deviceId, ...(history.at(-1) as CommandHistoryEntry) };
      });
    });
    bus.on('configurationChanged', this, ({ tenantId, deviceId, describe }) => {
      this.tell('configuration', tenantId, deviceId, () => {
        return { channel: 'configuration', deviceId, time: time(), parameters: describe() };
      });
    });
    bus.on('campaignChanged', this, ({ tenantId, campaignId: id, progress }) => {
      this.tell('campaigns', tenantId, undefined, () => ({
        channel: 'campaigns',
        id,
        time: time(),
        ...(progress && { progress }),
      }));
    });
    bus.on('resourceUpdateChanged', this, ({ tenantId, deviceId, describe }) => {
      this.tell('resources', tenantId, deviceId, () => {
        return { channel: 'resources', deviceId, time: time(), update: describe() };
      });
    });
    bus.on('repositoryChanged', this, ({ tenantId, resourceId }) => {
      this.tell('resources', tenantId, undefined, () => ({ channel: 'resources', time: time(), resourceId }));
    });
    bus.on('resourcesReported', this, ({ tenantId, deviceId, describe }) => {
      this.tell('resources', tenantId, deviceId, () => {
        return { channel: 'resources', deviceId, time: time(), resources: describe() };
      });
    });
    bus.on('twinOperationChanged', this, ({ tenantId, deviceId, describe }) => {
      this.tell('twin', tenantId, deviceId, () => {
        return { channel: 'twin', deviceId, time: time(), operation: describe() };
      });
    });
    bus.on('twinObservationChanged', this, ({ tenantId, deviceId, observationId, describe }) => {
      this.tell('twin', tenantId, deviceId, () => {
        const observation = describe();
        const what = observation ? { observation } : { cancelledObservationId: observationId };
        return { channel: 'twin', deviceId, time: time(), ...what };
      });
    });
    bus.on('twinReported', this, ({ tenantId, deviceId, describe }) => {
      this.tell('twin', tenantId, deviceId, () => {
        return { channel: 'twin', deviceId, time: time(), report: describe() };
      });
    });
    bus.on('coapLogged', this, ({ tenantId, deviceId, describe }) => {
      // Of no known device it is nobody else's either.
      this.tell('coap', tenantId, deviceId ?? '', () => {
        return { channel: 'coap', ...(deviceId !== undefined && { deviceId }), entry: describe() };
      });
    });
    bus.on('loraFrameLogged', this, ({ tenantId, deviceId, describe }) => {
      // Of no known device it is nobody else's either.
      this.tell('lora', tenantId, deviceId ?? '', () => {
        return { channel: 'lora', ...(deviceId !== undefined && { deviceId }), frame: describe() };
      });
    });
    for (const [name, kind] of [
      ['deviceCreated', 'created'],
      ['deviceUpdated', 'updated'],
      ['deviceDeleted', 'deleted'],
    ] as const) {
      bus.on(name, this, ({ tenantId, deviceId }) => {
        this.tell('devices', tenantId, deviceId, () => ({
          channel: 'devices',
          kind,
          time: time(),
          deviceId,
        }));
      });
    }
    bus.on('interfaceStatus', this, ({ tenantId, deviceId, connector, nodeId, status }) => {
      const change = { time: time(), deviceId, connector, nodeId, status };
      this.tell('devices', tenantId, deviceId, () => ({ channel: 'devices', kind: 'status', ...change }));
    });
    bus.on('clockChanged', this, ({ view }) => {
      for (const viewer of this.viewers.values()) {
        if (viewer.wants('clock')) viewer.push({ channel: 'clock', clock: view });
      }
    });
    bus.on('keyRevoked', this, ({ keyId }) => {
      for (const viewer of this.viewers.values()) {
        if (viewer.keyId === keyId) viewer.close('the API key was changed or deleted');
      }
    });
    bus.on('portalSessionEnded', this, ({ portalSession }) => {
      for (const viewer of this.viewers.values()) {
        if (viewer.portalSession === portalSession) viewer.close('signed out');
      }
    });
    this.timer = wireClock.every('live batches', flushPeriodMs, () => this.flush());
  }

  stop(): void {
    this.timer?.cancel();
    this.parts.bus.release(this);
    for (const socket of this.server.clients) socket.close(1001, 'the platform stops');
  }

  /** Ends all live sockets; a page that comes back asks anew for all it shows. */
  disconnectAll(reason: string): void {
    for (const socket of this.server.clients) socket.close(restartCode, reason);
  }

  /** Takes the upgrade of an HTTP request to `/live`. */
  upgrade(request: HttpRequest, { stream }: Connection, head: Buffer): void {
    if (!this.allowsOrigin(request)) {
      const details = `Origin ${request.headers.origin} is not the platform's own (setting httpAllowedOrigins).`;
      const message = 'Pages of this origin may not watch.';
      this.parts.refuse(stream, new PlatformError('access.forbidden', message, { details }));
      return;
    }
    this.server.handleUpgrade(request, stream, head, (socket) => this.greet(socket));
  }

  private greet(socket: WebSocket): void {
    const timeout = this.parts.wireClock.after('live hello', helloTimeoutMs, () => {
      socket.close(refusedCode, 'no hello came in time');
    });
    // What goes wrong in the frames closes the socket, and that is handled below.
    socket.on('error', () => {});
    socket.on('close', () => {
      timeout.cancel();
      this.viewers.delete(socket);
    });
    socket.once('message', (data) => {
      timeout.cancel();
      const viewer = this.admit(socket, String(data));
      if (typeof viewer === 'string') {
        socket.close(refusedCode, viewer);
        return;
      }
      this.viewers.set(socket, viewer);
      const { tenantId } = viewer;
      const channels = liveChannels.filter((channel) => viewer.wants(channel));
      const welcome: LiveWelcome = {
        type: 'welcome',
        tenantId,
        time: isoTime(this.parts.clock.now()),
        channels,
      };
      socket.send(JSON.stringify(welcome));
    });
  }

  /** The viewer, or why there is none. */
  private admit(socket: WebSocket, text: string): LiveViewer | string {
    let hello: LiveHello;
    try {
      hello = liveHello.parse(JSON.parse(text));
    } catch {
      return 'the first text must be a hello: {"key":…,"channels":[…]}';
    }
    const grant = this.parts.keys.authenticate(hello.key);
    if (typeof grant === 'string') return `the API key is not accepted (${grant})`;
    const channels = hello.channels.filter((channel) => {
      const needed = neededRoles[channel];
      return needed === undefined || grant.roles.has(needed);
    });
    if (channels.length === 0) {
      const needed = new Set(hello.channels.map((channel) => neededRoles[channel]));
      return `the API key has no role for what was asked: ${[...needed].join(', ')}`;
    }
    return new LiveViewer(socket, grant, { channels, deviceId: hello.deviceId });
  }

  private tell(
    channel: LiveChannel,
    tenantId: string,
    deviceId: string | undefined,
    describe: () => LiveEvent,
  ): void {
    for (const viewer of this.viewers.values()) {
      if (viewer.tenantId !== tenantId || !viewer.wants(channel)) continue;
      if (viewer.deviceId !== undefined && deviceId !== undefined && viewer.deviceId !== deviceId) continue;
      viewer.push(describe());
    }
  }

  private flush(): void {
    for (const viewer of this.viewers.values()) {
      if (viewer.wants('fifos')) this.pushFifos(viewer);
      viewer.flush();
    }
  }

  private pushFifos(viewer: LiveViewer): void {
    const seen = this.parts.fifos.list(viewer.tenantId).filter(({ name }) => viewer.fifos?.has(name) ?? true);
    const fifos = seen.map((queue) => {
      const { messages, unacknowledged, consumers } = queue.counts();
      return { name: queue.name, messages, unacknowledged, consumers };
    });
    const text = JSON.stringify(fifos);
    if (text === viewer.lastFifos) return;
    viewer.lastFifos = text;
    viewer.push({ channel: 'fifos', fifos });
  }

  /** A page of another origin must not watch with a key that it got hold of in the user's browser. */
  private allowsOrigin({ headers }: HttpRequest): boolean {
    const { origin, host } = headers;
    if (origin === undefined || this.parts.allowedOrigins.includes(origin)) return true;
    try {
      return new URL(origin).host === host;
    } catch {
      return false;
    }
  }
}
