import {
  type ConfigType,
  type ConfigValue,
  configLimits,
  configTypes,
  problemOfKey,
  problemOfValue,
} from '../../../contract/configuration.ts';
import type { DeviceInterface } from '../../../inventory/types.ts';
import type {
  ConfigurationDelivery,
  ConfigurationDownlink,
  ConfigurationReport,
  ConfigurationReports,
} from '../../connector.ts';
import { isObject, readDeviceJson } from '../read-device-json.ts';
import type { ConnectorLinks } from './connector-links.ts';
import { problemOfNodeId } from './connector-topics.ts';

/** Configuration of nodes behind external connectors (manual 6.6.6). `targetVersion` is the number of the delivery. */
export class ConnectorConfiguration implements ConfigurationDownlink {
  readonly answerTimeoutMs: number;
  private readonly links: ConnectorLinks;
  private readonly reports: ConfigurationReports;

  constructor(
    links: ConnectorLinks,
    reports: ConfigurationReports,
    settings: { readonly connectorConfigurationAnswerTimeoutMs: number },
  ) {
    this.links = links;
    this.reports = reports;
    this.answerTimeoutMs = settings.connectorConfigurationAnswerTimeoutMs;
  }

  takes(via: DeviceInterface): boolean {
    return this.links.takes(via, 'configuration');
  }

  send(via: DeviceInterface, delivery: ConfigurationDelivery): void {
    const parameters = [...delivery.parameters].map(
      ([key, { type, value }]) => [key, { type, value }] as const,
    );
    const { nodeId } = via;
    const request = {
      nodeId,
      targetVersion: delivery.correlation,
      parameters: Object.fromEntries(parameters),
    };
    if (this.links.send(via, 'configuration', request)) this.reports.sent(delivery);
    else this.reports.unsent(delivery, 'no external connector takes configuration');
  }
}

const form = '{"nodeId": "…", "parameters": {"key": {"type": "INT32", "value": 1}, …}}';

/**
 * Reads what a node has: an answer (manual 6.6.6.2), which names the version that it answers, or a report of its own
 * (6.6.6.3), which names none. A text says what is wrong with it as a whole; what is wrong with single parameters is
 * in the report.
 */
export function readNodeConfiguration(
  payload: Uint8Array,
  isAnswer: boolean,
): { nodeId: string; report: ConfigurationReport } | string {
  const raw = readDeviceJson(payload, form);
  if (typeof raw === 'string') return raw;
  const { nodeId, targetVersion, parameters } = raw;
  const problem = problemOfNodeId(nodeId);
  if (problem !== undefined) return `nodeId ${problem}`;
  if (isAnswer && !Number.isSafeInteger(targetVersion)) {
    return 'targetVersion must be the number that came with the request';
  }
  if (!isObject(parameters)) return `parameters must be an object: ${form}`;
  const values = new Map<string, ConfigValue>();
  const problems: string[] = [];
  for (const [key, parameter] of Object.entries(parameters)) {
    const value = readParameter(key, parameter);
    if (typeof value === 'string') problems.push(`${key.slice(0, configLimits.keyCharacters)}: ${value}`);
    else values.set(key, value);
  }
  const correlation = isAnswer ? (targetVersion as number) : undefined;
  return { nodeId: nodeId as string, report: { correlation, values, problems } };
}

function readParameter(key: string, parameter: unknown): ConfigValue | string {
  const keyProblem = problemOfKey(key);
  if (keyProblem !== undefined) return `the key ${keyProblem}`;
  if (!isObject(parameter)) return 'must be an object: {"type": type, "value": value}';
  const { type, value } = parameter;
  if (!configTypes.includes(type as ConfigType)) return `type must be one of ${configTypes.join(', ')}`;
  const problem = problemOfValue(type as ConfigType, value);
  return problem === undefined
    ? { type: type as ConfigType, value: value as string | number }
    : `value ${problem}`;
}
