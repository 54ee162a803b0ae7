import type { ExternalConnectorView, NodeFeature } from '../../../contract/external-connectors.ts';
import type { DeviceInterface } from '../../../inventory/types.ts';
import { requestTopics } from './connector-topics.ts';

/** A session of a connector, as far as requests to its nodes need it. */
export interface RequestLink {
  readonly tenantId: string;
  isSubscribed(topic: string): boolean;
  /** False while its window is full or its socket clogged; it tells when there is room again. */
  hasRoom(): boolean;
  /** What is shown of it, apart from its nodes. */
  describe(): Omit<ExternalConnectorView, 'nodes' | 'nodesOnline'>;
  /** The host by which the connector has reached the platform. */
  readonly platformHost: string;
  /** @param acknowledged called when the connector acknowledges it; at once when it subscribed with QoS 0 */
  send(via: DeviceInterface, topic: string, payload: string, acknowledged: () => void): void;
}

/**
 * The sessions of external connectors, and who speaks for which node. Any number of connectors of a tenant may be
 * connected. A request to a node goes to the session that spoke of the node last; when that is gone or takes no
 * requests, as where one connection publishes and another one listens, to each session that does.
 */
export class ConnectorLinks {
  private readonly byTenant = new Map<string, Set<RequestLink>>();
  private readonly speakers = new WeakMap<DeviceInterface, RequestLink>();
  /** The other way round. */
  private readonly nodes = new Map<RequestLink, Set<DeviceInterface>>();

  add(link: RequestLink): void {
    this.nodes.set(link, new Set());
    const links = this.byTenant.get(link.tenantId);
    if (links) links.add(link);
    else this.byTenant.set(link.tenantId, new Set([link]));
  }

  remove(link: RequestLink): void {
    this.nodes.delete(link);
    const links = this.byTenant.get(link.tenantId);
    links?.delete(link);
    if (links?.size === 0) this.byTenant.delete(link.tenantId);
  }

  spokeFor(via: DeviceInterface, link: RequestLink): void {
    const before = this.speakers.get(via);
    if (before === link) return;
    if (before) this.nodes.get(before)?.delete(via);
    this.nodes.get(link)?.add(via);
    this.speakers.set(via, link);
  }

  /** Open sessions of a tenant, oldest first. */
  viewsOf(tenantId: string): ExternalConnectorView[] {
    return [...(this.byTenant.get(tenantId) ?? [])].map((link) => {
      const nodes = [...(this.nodes.get(link) ?? [])];
      const nodesOnline = nodes.filter(({ status }) => status === 'ONLINE').length;
      return { ...link.describe(), nodes: nodes.length, nodesOnline };
    });
  }

  /** A device or an interface of it is gone. */
  forget(matches: (via: DeviceInterface) => boolean): void {
    for (const nodes of this.nodes.values()) for (const via of nodes) if (matches(via)) nodes.delete(via);
  }

  /** True while a session speaks for this node; false also when nobody has spoken of it since the start. */
  speaksFor(via: DeviceInterface, link: RequestLink): boolean {
    return this.speakers.get(via) === link;
  }

  /** True when the node is there for this feature and a session takes a request to it now. */
  takes(via: DeviceInterface, feature: NodeFeature): boolean {
    const isThere = via.enabled && via.status === 'ONLINE' && via.capabilities[feature];
    return isThere && this.linksTo(via, feature).length > 0;
  }

  /** Sessions that a request to this node goes to now. */
  linksTo(via: DeviceInterface, feature: NodeFeature): readonly RequestLink[] {
    const topic = requestTopics[feature];
    const links = [...(this.byTenant.get(via.device.tenantId) ?? [])].filter((link) =>
      link.isSubscribed(topic),
    );
    const speaker = links.find((link) => this.speaksFor(via, link));
    return (speaker ? [speaker] : links).filter((link) => link.hasRoom());
  }

  /**
   * Sends a request to a node.
   * @param bodyFor the request, for a connector that reaches the platform by this host
   * @param acknowledged called when the first connector acknowledges it
   * @returns false when no session takes it now
   */
  send(
    via: DeviceInterface,
    feature: NodeFeature,
    bodyFor: (platformHost: string) => object,
    acknowledged: () => void = () => {},
  ): boolean {
    const links = this.linksTo(via, feature);
    let first = true;
    const once = (): void => {
      if (first) acknowledged();
      first = false;
    };
    for (const link of links) {
      link.send(via, requestTopics[feature], JSON.stringify(bodyFor(link.platformHost)), once);
    }
    return links.length > 0;
  }
}
