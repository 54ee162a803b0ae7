import { shortConfigTypes } from '../../core/contract/configuration.ts';
import type { ResponderSettings } from '../../core/contract/responders.ts';
import { commandResponder } from './command-responder.ts';
import { configurationResponder, reportConfiguration, type WireValue } from './configuration-responder.ts';
import { Holding } from './holding.ts';
import { reportVersions, resourceResponder } from './resource-responder.ts';
import type { Responder, RespondingDevice } from './responder.ts';

/** How the devices of a template behave. */
export interface Behaviour {
  /** In their order: the first that takes a request does what it says. */
  readonly responders: readonly Responder[];
  /** What a device says by itself when it has connected: once, whatever has it. */
  announce(device: RespondingDevice): void;
}

export function makeBehaviour(settings: readonly ResponderSettings[]): Behaviour {
  const parameters = new Holding('configuration', settings.flatMap(parametersOf));
  const versions = new Holding('resource', settings.flatMap(versionsOf));
  const makeResponder = (of: ResponderSettings): Responder => {
    switch (of.kind) {
      case 'command':
        return commandResponder(of);
      case 'configuration':
        return configurationResponder(of, parameters);
      case 'resource':
        return resourceResponder(of, versions);
    }
  };
  return {
    responders: settings.map(makeResponder),
    announce: (device) => {
      if (parameters.of(device).size > 0) reportConfiguration(device, parameters);
      if (versions.of(device).size > 0) reportVersions(device, versions);
    },
  };
}

const parametersOf = (settings: ResponderSettings): [string, WireValue][] =>
  settings.kind === 'configuration'
    ? Object.entries(settings.has).map(([key, { type, value }]) => [
        key,
        { t: shortConfigTypes[type], v: value },
      ])
    : [];

const versionsOf = (settings: ResponderSettings): [string, string][] =>
  settings.kind === 'resource' ? Object.entries(settings.has) : [];
