import type { ResponderSettings } from '../../core/contract/responders.ts';
import { commandResponder } from './command-responder.ts';
import { configurationResponder } from './configuration-responder.ts';
import { resourceResponder } from './resource-responder.ts';
import type { Responder } from './responder.ts';

/** The responders of a template, in their order. */
export function makeResponders(settings: readonly ResponderSettings[]): readonly Responder[] {
  return settings.map(makeResponder);
}

function makeResponder(settings: ResponderSettings): Responder {
  switch (settings.kind) {
    case 'command':
      return commandResponder(settings);
    case 'configuration':
      return configurationResponder(settings);
    case 'resource':
      return resourceResponder(settings);
  }
}
