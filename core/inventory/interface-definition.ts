import { checkInput } from '../contract/check-input.ts';
import { PlatformError } from '../contract/errors.ts';
import { findInterfaceKind, interfaceKinds } from '../contract/interface-kinds/index.ts';
import type { InterfaceKind } from '../contract/interface-kinds/interface-kind.ts';
import { defaultInterfaceOffers, type InterfaceOffers } from '../contract/interface-kinds/offers.ts';
import { longestDefinition } from '../contract/interfaces.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';

/** What an interface is, apart from its device and its state. */
export interface InterfaceIdentity {
  readonly kind: InterfaceKind;
  readonly nodeId: string;
  /** Checked and complete, with its secrets. */
  readonly definition: Readonly<Record<string, unknown>>;
}

/**
 * Checks the definition of an interface and finds its node id.
 * @param place of the interface in the request, for the error: `body.interfaces.0`
 * @param offers what fields may be that choose of what the platform has
 * @throws PlatformError `inventory.connectorUnavailable`, `api.invalidParameter`
 */
export function identifyInterface(
  request: { readonly connector: string; readonly definition: Readonly<Record<string, unknown>> },
  place: string,
  offers: InterfaceOffers = defaultInterfaceOffers,
): InterfaceIdentity {
  const kind = requireKind(request.connector);
  const checked = checkInput(kind.definition, request.definition);
  if (!checked.success) {
    const details = checked.error.issues.map(
      (issue) => `${[place, 'definition', ...issue.path].join('.')}: ${issue.message}`,
    );
    throw invalidParameter(details.join('; '));
  }
  for (const [field, setting] of Object.entries(kind.offered ?? {})) {
    const value = checked.data[field];
    if (value === undefined || offers[setting].includes(String(value))) continue;
    throw invalidParameter(
      `${place}.definition.${field}: must be one of ${offers[setting].join(', ')} (setting ${setting})`,
    );
  }
  return { kind, nodeId: String(checked.data[kind.nodeIdField]), definition: checked.data };
}

/**
 * A definition with some fields changed, as by JSON merge patch (RFC 7396): objects are merged, null takes a
 * field away.
 * @throws PlatformError `api.invalidParameter` when it gets too long
 */
export function patchDefinition(
  before: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const after = merge(before, patch);
  if (JSON.stringify(after).length <= longestDefinition) return after;
  throw invalidParameter(`body.definition: must have at most ${longestDefinition} characters`);
}

function merge(before: unknown, patch: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const after = new Map(isObject(before) ? Object.entries(before) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) after.delete(name);
    else after.set(name, isObject(value) ? merge(after.get(name), value) : value);
  }
  return Object.fromEntries(after);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws PlatformError `inventory.connectorUnavailable` when no connector with interfaces has this name */
export function requireKind(connector: string): InterfaceKind {
  const found = findInterfaceKind(connector);
  if (found) return found;
  throw new PlatformError('inventory.connectorUnavailable', 'There is no such connector with interfaces.', {
    details: `${connector}; there are: ${interfaceKinds.map((kind) => kind.connector).join(', ')}`,
  });
}
