import type { CommandStatus } from '../contract/commands.ts';
import type { ConnectorName } from '../contract/connectors.ts';
import type {
  CommandStatusFilter,
  DataMessageFilter,
  LoraGatewayStatusFilter,
  LoraMessageType,
  LoraNetworkFilter,
  PolicyTriggers,
  TriggerName,
} from '../contract/routing.ts';

/** What a filter can ask of a message. */
export interface MessageFacts {
  readonly connector: ConnectorName;
  /** Undefined when no device sent the message. */
  readonly deviceId: string | undefined;
  readonly groupPath: string | undefined;
  readonly tags: readonly string[];
}

/** What the filter of each trigger can ask of an event. */
export interface TriggerFacts {
  dataMessage: MessageFacts;
  commandStatus: { readonly status: CommandStatus };
  loraNetwork: { readonly messageType: LoraMessageType };
  loraGatewayStatus: { readonly gatewayId: string };
}

/** The test of each trigger that a policy has. */
export type TriggerTests = { readonly [Name in TriggerName]?: (facts: TriggerFacts[Name]) => boolean };

export function compileTriggers(triggers: PolicyTriggers): TriggerTests {
  const { dataMessage, commandStatus, loraNetwork, loraGatewayStatus } = triggers;
  return {
    ...(dataMessage && { dataMessage: compileFilter(dataMessage.filter) }),
    ...(commandStatus && { commandStatus: compileCommandFilter(commandStatus.filter) }),
    ...(loraNetwork && { loraNetwork: compileLoraFilter(loraNetwork.filter) }),
    ...(loraGatewayStatus && { loraGatewayStatus: compileGatewayFilter(loraGatewayStatus.filter) }),
  };
}

function compileCommandFilter({
  status,
}: CommandStatusFilter): (facts: TriggerFacts['commandStatus']) => boolean {
  return status?.length ? (facts) => status.includes(facts.status) : () => true;
}

function compileLoraFilter({
  messageTypes,
}: LoraNetworkFilter): (facts: TriggerFacts['loraNetwork']) => boolean {
  return messageTypes?.length ? (facts) => messageTypes.includes(facts.messageType) : () => true;
}

function compileGatewayFilter({
  gatewayIds,
}: LoraGatewayStatusFilter): (facts: TriggerFacts['loraGatewayStatus']) => boolean {
  if (!gatewayIds?.length) return () => true;
  const wanted = new Set(gatewayIds.map((id) => id.toUpperCase()));
  return ({ gatewayId }) => wanted.has(gatewayId);
}

/**
 * Makes a filter of a dataMessage trigger ready to run (facts 10): all fields that are given must hold, one
 * item of a list is enough, and an empty list asks for nothing.
 */
export function compileFilter(filter: DataMessageFilter): (facts: MessageFacts) => boolean {
  const tests: ((facts: MessageFacts) => boolean)[] = [];
  const { connectors, deviceIds, groupPaths, tags } = filter;
  if (connectors?.length) {
    const wanted = new Set<string>(connectors);
    tests.push(({ connector }) => wanted.has(connector));
  }
  if (deviceIds?.length) {
    const wanted = new Set(deviceIds);
    tests.push(({ deviceId }) => deviceId !== undefined && wanted.has(deviceId));
  }
  if (groupPaths?.length) {
    tests.push(({ groupPath }) =>
      groupPath === undefined
        ? false
        : groupPaths.some(({ path, includeSubPath }) => inGroup(groupPath, path, includeSubPath)),
    );
  }
  if (tags?.length) {
    tests.push((facts) => tags.some((all) => all.every((tag) => facts.tags.includes(tag))));
  }
  return (facts) => tests.every((test) => test(facts));
}

function inGroup(groupPath: string, path: string, includeSubPath: boolean): boolean {
  if (groupPath === path) return true;
  if (!includeSubPath) return false;
  return groupPath.startsWith(path.endsWith('/') ? path : `${path}/`);
}
