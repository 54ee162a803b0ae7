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
import { isObject } from '../read-device-json.ts';
import type { ConnectorLinks } from './connector-links.ts';
import { type NodeRequestFeature, nodePublication } from './node-request-feature.ts';

const form = '{"nodeId": "…", "parameters": {"key": {"type": "INT32", "value": 1}, …}}';
const refusal = 'Configuration refused';

/** Configuration of nodes behind external connectors (manual 6.6.6). `targetVersion` is the number of the delivery. */
export class ConnectorConfiguration implements ConfigurationDownlink, NodeRequestFeature {
  readonly capability = 'configuration';
  readonly publications: NodeRequestFeature['publications'];
  readonly askedAnew = true;
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
    const use = (via: DeviceInterface, report: ConfigurationReport, done: (error?: Error) => void): void =>
      reports.reported(via, report, done);
    this.publications = {
      'connector/v1/responses/configuration': nodePublication({ refusal, form }, readAnswer, use),
      'connector/v1/current/configuration': nodePublication(
        { refusal, form },
        (raw) => readReport(raw, undefined),
        use,
      ),
    };
  }

  takes(via: DeviceInterface): boolean {
    return this.links.takes(via, 'configuration');
  }

  ready(via: DeviceInterface): void {
    this.reports.ready(via);
  }

  allReady(tenantId: string): void {
    this.reports.allReady('x-connector', tenantId);
  }

  send(via: DeviceInterface, delivery: ConfigurationDelivery): void {
    const parameters = [...delivery.parameters].map(
      ([key, { type, value }]) => [key, { type, value }] as const,
    );
    const { nodeId } = via;
    const body = { nodeId, targetVersion: delivery.correlation, parameters: Object.fromEntries(parameters) };
    if (this.links.send(via, 'configuration', () => body)) this.reports.sent(delivery);
    else this.reports.unsent(delivery, 'no external connector takes configuration');
  }
}

/** Reads an answer (manual 6.6.6.2), which names the version that it answers. */
function readAnswer(raw: Record<string, unknown>): { said: ConfigurationReport } | string {
  const { targetVersion } = raw;
  if (!Number.isSafeInteger(targetVersion))
    return 'targetVersion must be the number that came with the request';
  return readReport(raw, targetVersion as number);
}

/** Reads what a node has (manual 6.6.6.3). What is wrong with single parameters is in the report. */
function readReport(
  { parameters }: Record<string, unknown>,
  correlation: number | undefined,
): { said: ConfigurationReport } | string {
  if (!isObject(parameters)) return `parameters must be an object: ${form}`;
  const values = new Map<string, ConfigValue>();
  const problems: string[] = [];
  for (const [key, parameter] of Object.entries(parameters)) {
    const value = readParameter(key, parameter);
    if (typeof value === 'string') problems.push(`${key.slice(0, configLimits.keyCharacters)}: ${value}`);
    else values.set(key, value);
  }
  return { said: { correlation, values, problems } };
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
