import {
  type ConfigType,
  type ConfigValue,
  configLimits,
  problemOfKey,
  problemOfValue,
  shortConfigTypes,
} from '../../contract/configuration.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type {
  ConfigurationDelivery,
  ConfigurationDownlink,
  ConfigurationReport,
  ConfigurationReports,
} from '../connector.ts';
import { type DeviceFeature, publication, type SessionOf } from './device-feature.ts';
import { isObject, readCorrelation, readDeviceJson } from './read-device-json.ts';

const longTypes: ReadonlyMap<unknown, ConfigType> = new Map(
  Object.entries(shortConfigTypes).map(([long, short]) => [short, long as ConfigType]),
);

/** Configuration of MQTT devices (manual 6.5.6): asked for on `dev/cfg/upd`, reported and answered on `dev/cfg`. */
export class DeviceConfiguration implements ConfigurationDownlink, DeviceFeature {
  readonly capability = 'configuration';
  readonly topic = 'dev/cfg/upd';
  readonly publications: DeviceFeature['publications'];
  readonly answerTimeoutMs: number;
  private readonly sessionOf: SessionOf;
  private readonly reports: ConfigurationReports;

  constructor(
    sessionOf: SessionOf,
    reports: ConfigurationReports,
    settings: { readonly mqttConfigurationAnswerTimeoutMs: number },
  ) {
    this.sessionOf = sessionOf;
    this.reports = reports;
    this.answerTimeoutMs = settings.mqttConfigurationAnswerTimeoutMs;
    this.publications = {
      'dev/cfg': publication('Configuration refused', readConfigurationReport, (via, report, done) =>
        reports.reported(via, report, done),
      ),
    };
  }

  takes(via: DeviceInterface): boolean {
    return this.sessionOf(via)?.takes(this.topic) ?? false;
  }

  ready(via: DeviceInterface): void {
    this.reports.ready(via);
  }

  send(via: DeviceInterface, delivery: ConfigurationDelivery): void {
    const session = this.sessionOf(via);
    if (!session) {
      this.reports.unsent(delivery, 'the device is not connected');
      return;
    }
    const parameters = [...delivery.parameters].map(
      ([key, { type, value }]) => [key, { t: shortConfigTypes[type], v: value }] as const,
    );
    const payload = JSON.stringify({ cfg: Object.fromEntries(parameters), cid: delivery.correlation });
    session.send(this.topic, payload, () => this.reports.delivered(delivery));
    this.reports.sent(delivery);
  }
}

/**
 * Reads a publication to `dev/cfg` (manual 6.5.6.1, 6.5.6.3); a text says what is wrong with it as a whole. What is
 * wrong with single parameters is in the report.
 */
export function readConfigurationReport(payload: Uint8Array): ConfigurationReport | string {
  const form = '{"cfg": {"key": {"t": "i32", "v": 1}, …}}';
  const raw = readDeviceJson(payload, form);
  if (typeof raw === 'string') return raw;
  const { cfg, cid } = raw;
  if (!isObject(cfg)) return `cfg must be an object: ${form}`;
  // Clients of one library send the cid of a report that answers nothing as null.
  const correlation = cid === undefined || cid === null ? undefined : readCorrelation(cid);
  if (cid !== undefined && cid !== null && correlation === undefined) {
    return 'cid must be the number that came with the request';
  }
  const values = new Map<string, ConfigValue>();
  const problems: string[] = [];
  for (const [key, parameter] of Object.entries(cfg)) {
    const value = readParameter(key, parameter);
    if (typeof value === 'string') problems.push(`${key.slice(0, configLimits.keyCharacters)}: ${value}`);
    else values.set(key, value);
  }
  return { correlation, values, problems };
}

function readParameter(key: string, parameter: unknown): ConfigValue | string {
  const keyProblem = problemOfKey(key);
  if (keyProblem !== undefined) return `the key ${keyProblem}`;
  if (!isObject(parameter)) return 'must be an object: {"t": type, "v": value}';
  const { t, v } = parameter;
  const type = longTypes.get(t);
  if (type === undefined) return `t must be one of ${[...longTypes.keys()].join(', ')}`;
  if (type === 'BINARY') return readBinary(v);
  const problem = problemOfValue(type, v);
  return problem === undefined ? { type, value: v as string | number } : `v ${problem}`;
}

/**
 * Devices report as `bin` what is not Base64 too: text (example of manual 6.5.6.2), numbers and booleans (facts 21).
 * What a device has is what it has, so it is shown as it came.
 */
function readBinary(value: unknown): ConfigValue | string {
  if (typeof value === 'boolean' || Number.isFinite(value)) {
    return { type: 'BINARY', value: value as boolean | number };
  }
  const problem = problemOfValue('STRING', value);
  return problem === undefined ? { type: 'BINARY', value: value as string } : `v ${problem}`;
}
