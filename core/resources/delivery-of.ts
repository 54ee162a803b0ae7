import type { DeliveredContent, LinkProtocol, ResourceDelivery } from '../connectors/connector.ts';
import type { ResourceCatalog } from './resource-catalog.ts';
import type { Version } from './resource-record.ts';
import type { UpdateRecord } from './update-record.ts';

/** Where the content of an update comes from. */
export interface DeliverySource {
  readonly catalog: ResourceCatalog;
  /** Where a device gets the content of an update; undefined: nothing listens there. */
  linkOf(record: UpdateRecord, host: string | undefined, protocol?: LinkProtocol): string | undefined;
  contentOf(version: Version): DeliveredContent;
}

/** An update as a connectivity gets it. */
export function deliveryOf(record: UpdateRecord, version: Version, host: DeliverySource): ResourceDelivery {
  const { state } = record;
  return {
    correlation: record.seq,
    attempt: state.attempt,
    updateId: record.id,
    resourceId: record.resourceId,
    currentVersion: state.initialVersion,
    requestedVersion: record.requestedVersion,
    metadata: record.metadata,
    resourceMetadata: host.catalog.find(record.tenantId, record.resourceId)?.metadata ?? {},
    size: version.content.size,
    md5: version.content.md5,
    link: (reachedAs) => host.linkOf(record, reachedAs) ?? '',
    linkBy: (protocol, reachedAs) => host.linkOf(record, reachedAs, protocol),
    content: host.contentOf(version),
    accepted: state.status === 'IN_PROGRESS',
    mark: state.mark,
  };
}
