import type { ReceivedPacket } from '../core/protocols/semtech-udp/push-data.ts';
import { loraDefinition, loraDeviceId } from '../core/testing/lora-definition.ts';
import { heardAs, TestLoraDevice } from '../core/testing/lora-device.ts';
import { TestGateway } from '../core/testing/lora-gateway.ts';
import type { Platform } from './platform.ts';

export const gatewayId = 'AA555A0000000101';

/** A gateway and a device on the wire, for the portal to show. */
export class LoraNetwork {
  readonly gateway: TestGateway;
  readonly device = new TestLoraDevice();
  private readonly platform: Platform;

  private constructor(platform: Platform, gateway: TestGateway) {
    this.platform = platform;
    this.gateway = gateway;
  }

  static async start(platform: Platform): Promise<LoraNetwork> {
    const { lora = '' } = await platform.api<{ lora?: string }>('GET', '/bench/v1/endpoints');
    return new LoraNetwork(platform, await TestGateway.start(Number(lora.split(':').at(-1)), gatewayId));
  }

  /** Registers the device of the manual (5.5.1.4.1). */
  async register(): Promise<void> {
    const interfaces = [{ connector: 'lora', enabled: true, definition: loraDefinition }];
    await this.platform.api('POST', '/api/v1/deviceMgt/devices', { id: loraDeviceId, interfaces });
  }

  async join(): Promise<void> {
    await this.hear(this.device.joinRequest());
    this.device.join((await this.gateway.sent()).data);
  }

  /** The gateway hears a frame. */
  hear(frame: Uint8Array, as: Partial<ReceivedPacket> = {}): Promise<void> {
    return this.gateway.push([heardAs(frame, as)]);
  }

  /** A command for the device. */
  command(data: string, policy: object = {}): Promise<{ id: string }> {
    const request = { connector: 'lora', value: { data, port: 7 } };
    return this.platform.api('POST', `/api/v1/deviceMgt/devices/${loraDeviceId}/commands`, {
      request,
      policy,
    });
  }

  close(): Promise<void> {
    return this.gateway.close();
  }
}
