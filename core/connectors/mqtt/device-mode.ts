import { PlatformError } from '../../contract/errors.ts';
import { mqttKind } from '../../contract/interface-kinds/mqtt.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import { type DeviceModeParts, DeviceSession } from './device-session.ts';
import {
  type ConnectRequest,
  connackCodes,
  type MqttMode,
  type OpenResult,
  type SessionLink,
} from './mode.ts';

/** Mode "device": one connection is one device (manual 6.5). */
export class DeviceMode implements MqttMode {
  readonly usernames = ['json+device'];
  readonly isDevice = true;
  private readonly parts: DeviceModeParts;
  /** The session of each device that is connected; a second connection of the same client id takes over. */
  private readonly sessions = new Map<DeviceInterface, DeviceSession>();

  constructor(parts: DeviceModeParts) {
    this.parts = parts;
  }

  async open(request: ConnectRequest, link: SessionLink): Promise<OpenResult> {
    const { clientId, grant } = request;
    const { tenantId } = grant;
    if (!grant.roles.has('DEVICE_ACCESS')) {
      return { refusal: connackCodes.notAuthorized, reason: 'the API key lacks the role DEVICE_ACCESS' };
    }
    const deviceId = mqttKind.autoDeviceId?.(clientId);
    if (deviceId === undefined) {
      const reason = `client id ${JSON.stringify(clientId)}: must be a device URN, or 1 to 128 letters, digits and : - _`;
      return { refusal: connackCodes.identifierRejected, reason };
    }
    const { registry } = this.parts;
    const via =
      registry.findInterface(tenantId, 'mqtt', clientId) ?? (await this.provision(request, deviceId));
    if (via instanceof PlatformError) return { refusal: connackCodes.notAuthorized, reason: via.message };
    if (!via.enabled) {
      return { refusal: connackCodes.notAuthorized, reason: `interface mqtt:${clientId} is disabled`, via };
    }
    const session: DeviceSession = new DeviceSession(via, request, link, this.parts, (it) => this.leave(it));
    const earlier = this.sessions.get(via);
    this.sessions.set(via, session);
    if (earlier) {
      earlier.link.close('taken over by a newer connection with the same client id');
      const { connector, nodeId, device } = via;
      this.parts.bus.emit('linkLost', { tenantId, deviceId: device.id, connector, nodeId });
    }
    await session.open();
    return { session };
  }

  /** The interface that a device gets at its first contact, or why it gets none. */
  private async provision(
    { clientId, grant: { tenantId } }: ConnectRequest,
    deviceId: string,
  ): Promise<DeviceInterface | PlatformError> {
    const wanted = {
      tenantId,
      connector: 'mqtt',
      nodeId: clientId,
      deviceId,
      definition: { clientId },
    } as const;
    try {
      return await this.parts.registry.provision(wanted);
    } catch (error) {
      if (error instanceof PlatformError && error.code === 'inventory.interfaceRefused') return error;
      throw error;
    }
  }

  /** The session over an interface; undefined while its device is not connected. */
  sessionOf(via: DeviceInterface): DeviceSession | undefined {
    return this.sessions.get(via);
  }

  /** Ends the session over an interface, as when it is disabled or its device deleted. */
  disconnect(matches: (via: DeviceInterface) => boolean, reason: string): void {
    for (const [via, session] of this.sessions) if (matches(via)) session.revoke(reason);
  }

  /** True when the session was still the device's own, and not taken over. */
  private leave(session: DeviceSession): boolean {
    if (this.sessions.get(session.via) !== session) return false;
    return this.sessions.delete(session.via);
  }
}
