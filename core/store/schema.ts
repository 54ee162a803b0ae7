import type { ColumnType } from 'kysely';

/** JSON kept as text. */
type Json = string;
/** 0 or 1: SQLite has no boolean. */
type Flag = number;
/** Milliseconds since the epoch. */
type EpochMs = number;
type Immutable<T> = ColumnType<T, T, never>;

/** The tables, as {@link migrations} make them. */
export interface Schema {
  meta: { key: string; value: string };
  tenants: { id: string; name: string; created: EpochMs };
  api_keys: { id: string; tenant_id: string; hash: string; document: Json; created: EpochMs };
  ca_certificates: {
    id: string;
    tenant_id: string;
    /** SHA-256 of the certificate, hexadecimal. */
    fingerprint: string;
    /** PEM. */
    certificate: string;
    comment: string | null;
    created: EpochMs;
  };
  users: {
    id: string;
    tenant_id: string;
    login: string;
    /** What is kept of the password, never the password. */
    password: string;
    document: Json;
    created: EpochMs;
  };
  groups: {
    id: string;
    tenant_id: string;
    parent_id: string | null;
    path_node: string;
    path: string;
    description: string | null;
    created: EpochMs;
    updated: EpochMs;
  };
  devices: {
    tenant_id: string;
    id: string;
    name: string | null;
    description: string | null;
    default_stream_id: string;
    group_id: string;
    tags: Json;
    properties: Json;
    static_location: Json | null;
    created: EpochMs;
    updated: EpochMs;
    activity_state: string;
    /** Degrees of the static location. */
    lat: number | null;
    lon: number | null;
    /** All text of the device in lower case, where words are looked for. */
    search_text: string;
    /** Of its interfaces, for the order of lists: the newest contact, the first status by name, one is enabled. */
    last_contact: EpochMs;
    interface_status: string;
    interface_enabled: Flag;
  };
  /** Tags (`tag`) and properties (`property.{name}`) of devices. `number`: the value when it is one. */
  device_labels: { tenant_id: string; name: string; value: string; device_id: string; number: number | null };
  interfaces: {
    tenant_id: string;
    connector: string;
    node_id: string;
    device_id: string;
    enabled: Flag;
    status: string;
    definition: Json;
    activity: Json;
    capabilities: Json;
    last_contact: EpochMs | null;
    debug: Json | null;
    created: EpochMs;
    updated: EpochMs;
  };
  /** One row for each import of devices: how it ended, and the lines that were refused. */
  device_imports: { tenant_id: string; id: string; started: EpochMs; report: Json; errors: Json };
  /** One row for each stream and device that feeds it (empty source: no device), so messages carry one number. */
  series: { id: Immutable<number>; tenant_id: string; stream_id: string; source: string };
  /** `seq` is given by the platform and ever rising; the message's public id ends with it. */
  messages: {
    seq: Immutable<number>;
    series_id: number;
    timestamp: EpochMs;
    created: EpochMs;
    body: Json;
  };
  fifos: {
    id: Immutable<number>;
    tenant_id: string;
    name: string;
    /** -1 where the platform's own setting holds. */
    max_bytes: number;
    /** -1 where the platform's own setting holds. */
    ttl_s: number;
    /** 1 when made by name through the v0 API, so it stays without an action. */
    declared: Flag;
    created: EpochMs;
  };
  fifo_entries: {
    seq: Immutable<number>;
    fifo_id: number;
    expires_at: EpochMs;
    /** The data message that it tells of; null for other events. */
    message_seq: number | null;
    /** Null while the text is that of the data message in its own row. */
    body: string | null;
  };
  action_policies: { tenant_id: string; id: string; document: Json; created: EpochMs };
  audit_messages: {
    seq: Immutable<number>;
    tenant_id: string;
    timestamp: EpochMs;
    document: Json;
  };
  commands: {
    seq: Immutable<number>;
    tenant_id: string;
    device_id: string;
    created: EpochMs;
    status: string;
    /** 1 when its status is final. */
    done: Flag;
    /** What was asked for, which never changes. */
    request: Json;
    /** What has become of it. */
    state: Json;
  };
  /** One row for each device with a configuration. */
  configurations: {
    seq: Immutable<number>;
    tenant_id: string;
    device_id: string;
    /** The number of the newest delivery, 0 before the first. */
    correlation: number;
    /** 1 while something has to be sent or is waited for. */
    open: Flag;
    document: Json;
  };
  campaigns: { seq: Immutable<number>; tenant_id: string; status: string; document: Json };
  /** One row for each device of a campaign, numbered from 1. */
  campaign_targets: {
    tenant_id: string;
    campaign: Immutable<number>;
    number: Immutable<number>;
    device_id: string;
    status: string;
    /** What was begun on the device, and what became of it. */
    state: Json;
  };
  /** Resources of the repository, by which devices are updated. */
  resources: { tenant_id: string; id: string; document: Json; created: EpochMs; updated: EpochMs };
  resource_versions: {
    tenant_id: string;
    resource_id: string;
    id: string;
    document: Json;
    /** Name of the file with its bytes, in the folder `resources`. */
    content: string;
    created: EpochMs;
    updated: EpochMs;
  };
  /** What devices have of resources, and what was asked for. */
  device_resources: { tenant_id: string; device_id: string; resource_id: string; document: Json };
  resource_updates: {
    seq: Immutable<number>;
    tenant_id: string;
    device_id: string;
    resource_id: string;
    created: EpochMs;
    /** 1 when its status is final. */
    done: Flag;
    /** What was asked for, which never changes. */
    request: Json;
    /** What has become of it. */
    state: Json;
  };
  /** Models of LwM2M objects that tenants imported. */
  custom_models: { tenant_id: string; object_id: number; version: string; document: Json; created: EpochMs };
  bootstrap_configs: { tenant_id: string; id: string; document: Json; created: EpochMs; updated: EpochMs };
  bootstrap_entries: {
    tenant_id: string;
    endpoint_name: string;
    /** What a caller gave, with the secrets. */
    document: Json;
    /** What has become of bootstraps. */
    activity: Json;
    created: EpochMs;
    updated: EpochMs;
  };
  /** What a device has registered: its objects and their instances. */
  twins: { seq: Immutable<number>; tenant_id: string; device_id: string; document: Json };
  /** The last values of an object instance of a twin. */
  twin_values: { twin: Immutable<number>; object_id: number; instance_id: number; document: Json };
  twin_operations: {
    seq: Immutable<number>;
    id: string;
    tenant_id: string;
    device_id: string;
    created: EpochMs;
    status: string;
    /** 1 when its status is final. */
    done: Flag;
    /** What was asked for, which never changes. */
    request: Json;
    /** What has become of it. */
    state: Json;
  };
  twin_observations: { seq: Immutable<number>; tenant_id: string; device_id: string; document: Json };
  /** LwM2M devices that are registered. */
  lwm2m_registrations: { tenant_id: string; node_id: string; document: Json };
  /** Which reported values become data messages. */
  twin_data_rules: { seq: Immutable<number>; tenant_id: string; document: Json };
  /** Gateways of the LoRa network, by EUI. */
  lora_gateways: { id: string; tenant_id: string; document: Json; created: EpochMs; updated: EpochMs };
  /** What the network knows of a LoRa device. */
  lora_nodes: {
    tenant_id: string;
    /** DevEUI. */
    node_id: string;
    /** Nonces of its joins. */
    joins: Json;
    /** Its sessions with their keys and counters, written with each uplink. */
    state: Json;
  };
  /** Parts of long short messages that wait for the others. */
  sms_parts: {
    /** Number of the device. */
    sender: string;
    /** Number that it was sent to. */
    receiver: string;
    reference: number;
    total: number;
    number: number;
    data_coding: number;
    header_bytes: number;
    /** Hexadecimal. */
    content: string;
    received: EpochMs;
  };
  /** Messages that the short message centre has, and whose delivery receipts are waited for. */
  sms_receipts: {
    message_id: string;
    /** Row of the command. */
    correlation: number;
    attempt: number;
    total: number;
    delivered: number;
  };
}

export type TableName = keyof Schema;
