import {
  type ConfigurationJson,
  type ConfigurationRequest,
  configLimits,
  type ParameterJson,
} from '../contract/configuration.ts';
import type { CreateDeviceRequest } from '../contract/devices.ts';
import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import type { Device, InterfaceRegistry } from '../inventory/types.ts';
import type { Statement } from '../store/types.ts';
import { ConfigurationEngine, type ConfigurationEngineParts } from './configuration-engine.ts';
import {
  afterCancel,
  afterRequest,
  type ConfigurationChange,
  type ConfigurationRecord,
  toConfigurationJson,
  toParameterJson,
} from './configuration-record.ts';
import type { ConfigurationEntry } from './configuration-shelf.ts';

export interface ConfigurationParts extends ConfigurationEngineParts {
  readonly registry: InterfaceRegistry & {
    createDevice(tenantId: string, request: CreateDeviceRequest): Promise<Device>;
  };
}

/** Configuration as the API offers it (manual 8.2, facts 3); what happens to it after is the engine's. */
export class ConfigurationService {
  readonly engine: ConfigurationEngine;
  private readonly parts: ConfigurationParts;

  constructor(parts: ConfigurationParts) {
    this.parts = parts;
    this.engine = new ConfigurationEngine(parts);
  }

  /** Takes up what is not at its value yet. */
  async start(): Promise<void> {
    const { bus, registry } = this.parts;
    await this.engine.start();
    bus.on('deviceUpdated', this, ({ tenantId, deviceId, previousId }) => {
      const device = previousId === deviceId ? undefined : registry.findDevice(tenantId, deviceId);
      if (device) this.engine.shelf.renamed(device, previousId);
    });
    bus.on('interfaceStatus', this, ({ tenantId, deviceId, connector, nodeId, status }) => {
      const device = status === 'ONLINE' ? undefined : registry.findDevice(tenantId, deviceId);
      if (device) this.engine.deviceWent(device, connector, nodeId);
    });
    bus.on('linkLost', this, ({ tenantId, deviceId, connector, nodeId }) => {
      const device = registry.findDevice(tenantId, deviceId);
      if (device) this.engine.deviceWent(device, connector, nodeId);
    });
    bus.on('deviceDeleted', this, ({ tenantId, deviceId }) => this.engine.deviceDeleted(tenantId, deviceId));
  }

  stop(): void {
    this.parts.bus.release(this);
    this.engine.stop();
  }

  /** @throws PlatformError `inventory.deviceNotFound` */
  async get(tenantId: string, deviceId: string): Promise<ConfigurationJson> {
    return toConfigurationJson(await this.durable(tenantId, deviceId));
  }

  /** @throws PlatformError `inventory.deviceNotFound`, `configuration.parameterNotFound` */
  async getParameter(tenantId: string, deviceId: string, key: string): Promise<ParameterJson> {
    const parameter = (await this.durable(tenantId, deviceId)).parameters.get(key);
    if (!parameter) throw parameterNotFound(key);
    return toParameterJson(parameter);
  }

  /**
   * Asks for values; resolves when the request would survive a kill. A device that is not there is made
   * (manual 8.2.3.2).
   * @param alongside statements that are stored with the request, in one transaction
   * @throws PlatformError `api.invalidParameter`
   */
  async request(
    tenantId: string,
    deviceId: string,
    { parameters = {}, notifyTo }: ConfigurationRequest,
    alongside: readonly Statement[] = [],
  ): Promise<ConfigurationJson> {
    const device = await this.provide(tenantId, deviceId);
    const make = ({ record }: ConfigurationEntry): ConfigurationChange => {
      const change = afterRequest(record, parameters, this.parts.clock.now());
      const count = change.record.parameters.size;
      if (count > configLimits.parameters) {
        throw invalidParameter(
          `body.parameters: the device would have ${count} parameters; the most is ${configLimits.parameters}. Delete some.`,
        );
      }
      if (notifyTo === undefined) return change;
      return { ...change, record: { ...change.record, notifyTo: notifyTo || undefined } };
    };
    await this.change(device, make, alongside);
    return toConfigurationJson(await this.durable(tenantId, device.id));
  }

  /**
   * Takes the request for a parameter back.
   * @param options.force also when it has gone out
   * @throws PlatformError `inventory.deviceNotFound`, `configuration.parameterNotFound`, `configuration.wrongState`
   */
  cancel(tenantId: string, deviceId: string, key: string, { force }: { force: boolean }): Promise<void> {
    return this.change(this.device(tenantId, deviceId), ({ record }) => {
      const parameter = record.parameters.get(key);
      if (!parameter) throw parameterNotFound(key);
      const change = afterCancel(record, key, { force });
      if (change) return change;
      const hint =
        parameter.status === 'SENT' ? '; with force=true it can be canceled though it was sent' : '';
      throw new PlatformError('configuration.wrongState', 'The parameter cannot be canceled.', {
        details: `Its status is ${parameter.status}${hint}.`,
      });
    });
  }

  /**
   * Forgets a parameter, also one that was sent; resolves when that is durable. A device that reports it makes it
   * known again.
   * @throws PlatformError `inventory.deviceNotFound`, `configuration.parameterNotFound`
   */
  async delete(tenantId: string, deviceId: string, key: string): Promise<void> {
    await this.change(this.device(tenantId, deviceId), ({ record }) => {
      const parameters = new Map(record.parameters);
      if (!parameters.delete(key)) throw parameterNotFound(key);
      return { record: { ...record, parameters }, keys: [] };
    });
    this.parts.bus.emit('configurationChanged', { tenantId, deviceId, describe: () => ({}) });
  }

  private change(
    device: Device,
    make: (entry: ConfigurationEntry) => ConfigurationChange,
    alongside: readonly Statement[] = [],
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: Error): void => (error ? reject(error) : resolve());
      this.engine.shelf
        .use(device, (entry) => this.engine.change(entry, make(entry), done, alongside))
        .catch(reject);
    });
  }

  /**
   * What would survive a kill.
   * @throws PlatformError `inventory.deviceNotFound`
   */
  durable(tenantId: string, deviceId: string): Promise<ConfigurationRecord> {
    return this.engine.shelf.use(this.device(tenantId, deviceId), ({ durable }) => durable);
  }

  private device(tenantId: string, deviceId: string): Device {
    const device = this.parts.registry.findDevice(tenantId, deviceId);
    if (device) return device;
    throw new PlatformError('inventory.deviceNotFound', 'There is no such device.', { details: deviceId });
  }

  private async provide(tenantId: string, id: string): Promise<Device> {
    const { registry } = this.parts;
    const known = registry.findDevice(tenantId, id);
    if (known) return known;
    try {
      const description = 'Registered by a request for its configuration';
      return await registry.createDevice(tenantId, { id, description });
    } catch (error) {
      // Somebody else has made it meanwhile.
      const made = registry.findDevice(tenantId, id);
      if (made) return made;
      throw error;
    }
  }
}

function parameterNotFound(key: string): PlatformError {
  return new PlatformError('configuration.parameterNotFound', 'Device configuration parameter not found', {
    details: key,
  });
}
