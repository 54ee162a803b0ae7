import type { EndpointsView } from '../../core/contract/bench.ts';
import { PlatformError } from '../../core/contract/errors.ts';
import type { FleetTemplate } from '../../core/contract/simulators.ts';
import type { ObjectModelJson } from '../../core/contract/twin-models.ts';
import type { PlatformRest } from '../platform-rest.ts';

/** What a fleet has on the platform beside its devices. */
export interface Provision<Template extends FleetTemplate> {
  readonly rest: PlatformRest;
  readonly template: Template;
  /** Ids of its devices on the wire. */
  readonly clientIds: readonly string[];
}

/**
 * What differs between fleets by what their devices speak, as far as it is known before they run. A further kind is one of
 * these, a line in `fleet-kinds.ts`, and its devices in `make-members.ts`.
 */
export interface FleetKind<Template extends FleetTemplate> {
  /**
   * @param rest asked for what the tenant has, where the template names it
   * @throws PlatformError `api.invalidParameter`, also as a rejection, for what the schema cannot see
   */
  check(template: Template, rest: Pick<PlatformRest, 'call'>): void | Promise<void>;
  /** The template as it is kept: what a user may leave out, and has to stay the same from then on. */
  complete?(template: Template, random: { bytes(count: number): Uint8Array }): Template;
  /** Where its devices connect to. @throws PlatformError `simulators.failed` when the platform does not listen there */
  url(template: Template, endpoints: EndpointsView): string;
  /** Sockets of this process that a fleet takes, with those of the platform. */
  sockets(template: Template): number;
  /** Id of a device on the wire. @param number from 1 */
  clientId(template: Template, number: number): string;
  /**
   * The interface of a device on the platform.
   * @param secret from which the keys of devices follow that have their own; empty for those that have an API key
   */
  definition(template: Template, clientId: string, secret: string): object;
  /** Role of the API key that its devices connect with; undefined: each has keys of its own. */
  readonly keyRole: 'DEVICE_ACCESS' | 'CONNECTOR_ACCESS' | undefined;
  /** Models that the tenant has imported, of objects that its devices have. */
  models?(template: Template, rest: PlatformRest): Promise<readonly ObjectModelJson[]>;
  /** Makes what it needs on the platform beside its devices. */
  prepare?(of: Provision<Template>, secret: string, signal: AbortSignal): Promise<void>;
  /** Deletes that again, where it is. */
  remove?(of: Provision<Template>): Promise<void>;
  /** What a device would send first, to start editing from. */
  firstPayload?(template: Template, number: number, timeMs: number): string;
}

/** The platform does not listen where the devices of a fleet connect. */
export const notListening = (what: string, hint: string): PlatformError =>
  new PlatformError('simulators.failed', `The platform does not listen ${what}. ${hint}`.trim());
