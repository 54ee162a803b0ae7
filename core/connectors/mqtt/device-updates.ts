import { longestDeviceError, type UpdateAnswer, updateAnswers } from '../../contract/resource-updates.ts';
import { resourceLimits } from '../../contract/resources.ts';
import { text } from '../../contract/text.ts';
import type { DeviceInterface } from '../../inventory/types.ts';
import type {
  DeviceResourceError,
  ReportedResource,
  ResourceDelivery,
  ResourceDownlink,
  ResourceReport,
  ResourceReports,
} from '../connector.ts';
import { type DeviceFeature, publication, type SessionOf } from './device-feature.ts';
import { isObject, readCorrelation, readDeviceJson } from './read-device-json.ts';

/** Longest metadata that a device may report of one resource, as JSON text. */
const longestMetadata = 4096;

/** Updates of resources on MQTT devices (manual 6.5.8). */
export class DeviceUpdates implements ResourceDownlink, DeviceFeature {
  readonly capability = 'resource';
  readonly topic = 'dev/rsc/upd';
  readonly publications: DeviceFeature['publications'];
  readonly updater = 'http-updater';
  readonly answerTimeoutMs: number;
  private readonly sessionOf: SessionOf;
  private readonly reports: ResourceReports;

  constructor(
    sessionOf: SessionOf,
    reports: ResourceReports,
    settings: { readonly mqttResourceAnswerTimeoutMs: number },
  ) {
    this.sessionOf = sessionOf;
    this.reports = reports;
    this.answerTimeoutMs = settings.mqttResourceAnswerTimeoutMs;
    this.publications = {
      'dev/rsc': publication('Report of resources refused', readResourceReport, (via, report, done) =>
        reports.reported(via, report, done),
      ),
      'dev/rsc/upd/res': publication(
        'Answer to a resource update refused',
        readUpdateAnswer,
        (via, { correlation, answer }, done) => reports.answered(via, { correlation }, answer, done),
      ),
      'dev/rsc/upd/err': publication('Resource update error refused', readUpdateError, (via, failure, done) =>
        reports.updateFailed(via, undefined, failure, done),
      ),
    };
  }

  takes(via: DeviceInterface): boolean {
    return this.sessionOf(via)?.takes(this.topic) ?? false;
  }

  ready(via: DeviceInterface): void {
    this.reports.ready(via);
  }

  send(via: DeviceInterface, delivery: ResourceDelivery): void {
    const session = this.sessionOf(via);
    if (!session) {
      this.reports.unsent(delivery, 'the device is not connected');
      return;
    }
    const { resourceId, currentVersion = '', requestedVersion, metadata, size, md5 } = delivery;
    const payload = JSON.stringify({
      id: resourceId,
      old: currentVersion,
      new: requestedVersion,
      m: { ...metadata, uri: delivery.link(session.platformHost), size, md5 },
      cid: delivery.correlation,
    });
    session.send(this.topic, payload, () => this.reports.delivered(delivery));
    this.reports.sent(delivery);
  }
}

/**
 * Reads a publication to `dev/rsc` (manual 6.5.8.1); a text says what is wrong with it as a whole. What is wrong with
 * single resources is in the report.
 */
export function readResourceReport(payload: Uint8Array): ResourceReport | string {
  const form = '{"rsc": {"resource": {"v": "1.0", "m": {…}}, …}}';
  const raw = readDeviceJson(payload, form);
  if (typeof raw === 'string') return raw;
  const { rsc } = raw;
  if (!isObject(rsc)) return `rsc must be an object: ${form}`;
  const resources = new Map<string, ReportedResource>();
  const problems: string[] = [];
  for (const [id, given] of Object.entries(rsc)) {
    const resource = readResource(id, given);
    if (typeof resource === 'string')
      problems.push(`${id.slice(0, resourceLimits.idCharacters)}: ${resource}`);
    else resources.set(id, resource);
  }
  return { resources, problems };
}

function readResource(id: string, given: unknown): ReportedResource | string {
  const idProblem = problemOfId(id);
  if (idProblem !== undefined) return `the id ${idProblem}`;
  if (!isObject(given)) return 'must be an object: {"v": version, "m": metadata}';
  const { v, m } = given;
  if (typeof v !== 'string') return 'v must be a text';
  const problem = problemOfId(v);
  if (problem !== undefined) return `v ${problem}`;
  if (m === undefined || m === null) return { version: v, metadata: undefined };
  if (!isObject(m)) return 'm must be an object';
  const length = JSON.stringify(m).length;
  if (length > longestMetadata) return `m has ${length} characters as JSON; the most is ${longestMetadata}`;
  return { version: v, metadata: m };
}

function problemOfId(given: string): string | undefined {
  if (given === '') return 'must not be empty';
  const result = text(resourceLimits.idCharacters).safeParse(given);
  return result.success ? undefined : result.error.issues[0]?.message;
}

/** Reads a publication to `dev/rsc/upd/res` (manual 6.5.8.3); a text says what is wrong with it. */
export function readUpdateAnswer(
  payload: Uint8Array,
): { correlation: number; answer: UpdateAnswer } | string {
  const raw = readDeviceJson(payload, '{"res": "OK", "cid": number}');
  if (typeof raw === 'string') return raw;
  const { res, cid } = raw;
  const answer = updateAnswers.find((each) => each === res);
  if (answer === undefined) return `res must be one of ${updateAnswers.join(', ')}`;
  if (cid === undefined) return 'cid is missing: it tells which request this answers';
  const correlation = readCorrelation(cid);
  return correlation === undefined
    ? 'cid must be the number that came with the request'
    : { correlation, answer };
}

/** Reads a publication to `dev/rsc/upd/err` (manual 6.5.8.4); what is too long is cut off. */
export function readUpdateError(payload: Uint8Array): DeviceResourceError | string {
  const raw = readDeviceJson(payload, '{"errorCode": "…", "errorDetails": "…"}');
  if (typeof raw === 'string') return raw;
  const { errorCode, errorDetails } = raw;
  for (const [name, given] of Object.entries({ errorCode, errorDetails })) {
    if (given !== undefined && given !== null && typeof given !== 'string') return `${name} must be a text`;
  }
  const cut = (given: unknown): string | undefined =>
    typeof given === 'string'
      ? given.slice(0, longestDeviceError).replace(/[\0\p{Surrogate}]/gu, '')
      : undefined;
  const error = { code: cut(errorCode), details: cut(errorDetails) };
  return error.code === undefined && error.details === undefined
    ? 'errorCode and errorDetails are missing: one of them must say what went wrong'
    : error;
}
