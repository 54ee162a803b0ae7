import { longestDeviceError } from '../../../contract/resource-updates.ts';
import { resourceLimits } from '../../../contract/resources.ts';
import { text } from '../../../contract/text.ts';
import type { DeviceInterface } from '../../../inventory/types.ts';
import type {
  DeviceResourceError,
  ReportedResource,
  ResourceDelivery,
  ResourceDownlink,
  ResourceReport,
  ResourceReports,
} from '../../connector.ts';
import { isObject } from '../read-device-json.ts';
import type { ConnectorLinks } from './connector-links.ts';
import { type NodeRequestFeature, nodePublication, readOptionalObject } from './node-request-feature.ts';

interface UpdateFailure {
  readonly updateId: string;
  readonly failure: DeviceResourceError;
}

/**
 * Updates of resources on nodes behind external connectors (manual 6.6.7). A connector answers failures only, so it has
 * accepted an update when it has acknowledged the request.
 */
export class ConnectorUpdates implements ResourceDownlink, NodeRequestFeature {
  readonly capability = 'resource';
  readonly publications: NodeRequestFeature['publications'];
  readonly askedAnew = true;
  readonly updater = 'http-updater';
  readonly answerTimeoutMs: number;
  private readonly links: ConnectorLinks;
  private readonly reports: ResourceReports;

  constructor(
    links: ConnectorLinks,
    reports: ResourceReports,
    settings: { readonly connectorResourceAnswerTimeoutMs: number },
  ) {
    this.links = links;
    this.reports = reports;
    this.answerTimeoutMs = settings.connectorResourceAnswerTimeoutMs;
    this.publications = {
      'connector/v1/responses/resource': nodePublication(
        {
          refusal: 'Resource update error refused',
          form: '{"nodeId": "…", "updateCorrelationId": "…", "status": "FAILED", …}',
        },
        readFailure,
        (via, { updateId, failure }, done) => reports.updateFailed(via, { updateId }, failure, done),
      ),
      'connector/v1/current/resource': nodePublication(
        { refusal: 'Report of resources refused', form: reportForm },
        readReport,
        (via, report, done) => reports.reported(via, report, done),
      ),
    };
  }

  takes(via: DeviceInterface): boolean {
    return this.links.takes(via, 'resource');
  }

  ready(via: DeviceInterface): void {
    this.reports.ready(via);
  }

  allReady(tenantId: string): void {
    this.reports.allReady('x-connector', tenantId);
  }

  send(via: DeviceInterface, delivery: ResourceDelivery): void {
    const { updateId, resourceId, currentVersion = '', requestedVersion, md5, size } = delivery;
    const bodyFor = (host: string): object => ({
      ...{ nodeId: via.nodeId, resourceId, updateCorrelationId: updateId },
      ...{ sourceVersion: currentVersion, targetVersion: requestedVersion },
      delivery: { type: 'HTTP_DELIVERY', uri: delivery.link(host), md5, size },
    });
    const accepted = (): void => {
      this.reports.delivered(delivery);
      this.reports.answered(via, { updateId }, 'OK', () => {});
    };
    if (this.links.send(via, 'resource', bodyFor, accepted)) this.reports.sent(delivery);
    else this.reports.unsent(delivery, 'no external connector takes resources');
  }
}

/** Reads a publication to `connector/v1/responses/resource` (manual 6.6.7.2); what is too long is cut off. */
function readFailure(raw: Record<string, unknown>): { said: UpdateFailure } | string {
  const { updateCorrelationId: updateId, status } = raw;
  if (typeof updateId !== 'string' || updateId === '') {
    return 'updateCorrelationId must be the text that came with the request';
  }
  if (status !== 'FAILED')
    return 'status must be "FAILED"; a success is told on connector/v1/current/resource';
  const error = readOptionalObject('error', raw.error);
  if (typeof error === 'string') return error;
  const { code, details } = error ?? {};
  for (const [name, given] of Object.entries({ code, details })) {
    if (given !== undefined && given !== null && typeof given !== 'string')
      return `error.${name} must be a text`;
  }
  const cut = (given: unknown): string | undefined =>
    typeof given === 'string'
      ? given.slice(0, longestDeviceError).replace(/[\0\p{Surrogate}]/gu, '')
      : undefined;
  return { said: { updateId, failure: { code: cut(code), details: cut(details) } } };
}

const reportForm = '{"nodeId": "…", "resources": {"resource": {"version": "1.0"}, …}}';

/** Reads a publication to `connector/v1/current/resource` (manual 6.6.7.3). */
function readReport({ resources: given }: Record<string, unknown>): { said: ResourceReport } | string {
  if (!isObject(given)) return `resources must be an object: ${reportForm}`;
  const resources = new Map<string, ReportedResource>();
  const problems: string[] = [];
  for (const [id, resource] of Object.entries(given)) {
    const version = isObject(resource) ? resource.version : undefined;
    const problem = problemOfName(id) ?? problemOfName(version);
    if (problem === undefined) resources.set(id, { version: version as string, metadata: undefined });
    else problems.push(`${id.slice(0, resourceLimits.idCharacters)}: its name and its version ${problem}`);
  }
  return { said: { resources, problems } };
}

function problemOfName(given: unknown): string | undefined {
  if (typeof given !== 'string' || given === '') return 'must be texts that are not empty';
  const result = text(resourceLimits.idCharacters).safeParse(given);
  return result.success ? undefined : result.error.issues[0]?.message;
}
