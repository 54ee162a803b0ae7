/** The calls of the platform's HTTP API that the benchmark needs. */
export class PlatformApi {
  private readonly baseUrl: string;
  private readonly key: string;

  constructor(baseUrl: string, key: string) {
    this.baseUrl = baseUrl;
    this.key = key;
  }

  async createKey(label: string, roles: readonly string[]): Promise<string> {
    const { value } = await this.call<{ value: string }>('POST', '/api/v0/apiKeys', { label, roles });
    return value;
  }

  /** Makes the policy that puts every message of the MQTT connector into one FIFO. */
  async routeAllMqttTo(fifoName: string): Promise<void> {
    await this.call('POST', '/api/v1/event2action/actionPolicies', {
      name: 'bench',
      triggers: { dataMessage: { filter: { connectors: ['mqtt'] } } },
      actions: { fifoPublish: [{ fifoName }] },
    });
  }

  /** Messages in a FIFO, delivered or not, that nobody has acknowledged. */
  async countInFifo(name: string): Promise<number> {
    const fifo = await this.call<{ messages: number; messageUnacknowledged: number }>(
      'GET',
      `/api/v0/topics/fifo/${name}`,
    );
    return fifo.messages + fifo.messageUnacknowledged;
  }

  /** Messages stored in the streams of these devices. */
  async countStored(deviceIds: readonly string[]): Promise<number> {
    let sum = 0;
    for (const id of deviceIds) {
      const streams = await this.call<{ count: number }[]>(
        'GET',
        `/api/v1/deviceMgt/devices/${id}/data/streams`,
      );
      for (const { count } of streams) sum += count;
    }
    return sum;
  }

  /** A link that signs a browser in to the portal, once. */
  async portalLink(): Promise<string> {
    const { code } = await this.call<{ code: string }>('POST', '/bench/v1/sessions/codes');
    return `${this.baseUrl}/?code=${code}`;
  }

  async createGroup(pathNode: string, parentId?: string): Promise<string> {
    const { id } = await this.call<{ id: string }>('POST', '/api/v1/deviceMgt/groups', {
      pathNode,
      parentId,
    });
    return id;
  }

  async createDevice(device: object): Promise<void> {
    await this.call('POST', '/api/v1/deviceMgt/devices', device);
  }

  /** The first page of a list, as a client gets it. */
  async listDevices({ filterQuery, sort }: { filterQuery: string; sort: string }): Promise<void> {
    const query = new URLSearchParams({ filterQuery, sort });
    await this.call('GET', `/api/v1/deviceMgt/devices?${query}`);
  }

  async countConnections(): Promise<number> {
    const { mqtt } = await this.call<{ mqtt: { connections: number } }>('GET', '/bench/v1/health');
    return mqtt.connections;
  }

  /** Devices in the groups of this path. */
  async countDevices(groupPath: string): Promise<number> {
    const query = `groupPath=${encodeURIComponent(groupPath)}&limit=1`;
    const response = await fetch(`${this.baseUrl}/api/v1/deviceMgt/devices?${query}`, {
      headers: { 'X-API-KEY': this.key, 'X-Total-Count': 'true' },
    });
    return Number(response.headers.get('x-total-count'));
  }

  /** @param body sent as JSON, but text as it is */
  async call<T>(method: string, path: string, body?: object | string): Promise<T> {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method,
      headers: { 'X-API-KEY': this.key, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
