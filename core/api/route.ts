import type { z } from 'zod';
import type { KeyGrant } from '../accounts/types.ts';
import type { Role } from '../contract/roles.ts';

/**
 * What a caller needs for an operation: one role; `any-key` (any valid key, as for asking who one is); `operator`
 * (who runs the whole instance, for what reaches beyond one tenant); or `public` (no key, as for a health check).
 */
export type Access = Role | 'any-key' | 'operator' | 'public';

/** A body that is handed over as it comes. */
export interface RawBody {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Where the request tells it. */
  readonly totalBytes: number | undefined;
  /** The header `Content-Type`. */
  readonly contentType: string | undefined;
}

/** One request, with every part already checked against the schemas of its route. */
export interface Call<A extends Access, P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Empty but for a route that takes one. */
  readonly rawBody: RawBody;
  /** The key behind the request; undefined for a public route only. */
  readonly grant: A extends 'public' ? undefined : KeyGrant;
  /** True when the caller asked for `X-Total-Count` (facts 1), so counting is worth its cost. */
  readonly wantsTotal: boolean;
  /** Scheme and authority by which the caller reached us, for example `http://127.0.0.1:8080`. */
  readonly origin: string;
  /** Address of the caller. */
  readonly remoteAddress: string;
  /** The request is HEAD: the answer is that of GET without its body (RFC 9110, 9.3.2). */
  readonly isHead: boolean;
  /** What is asked for of a content: headers `Range` and `If-Range` (RFC 9110, 14.2 and 13.1.5). */
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** An answer that needs more than a body. Bytes, and texts that come piece by piece, are sent as they are; anything else as JSON. */
export class Answer<Body> {
  readonly body: Body;
  /** HTTP status; the route's own when undefined. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(body: Body, options: { status?: number; headers?: Readonly<Record<string, string>> } = {}) {
    this.body = body;
    this.status = options.status;
    this.headers = options.headers ?? {};
  }
}

export type Outcome<Body> = Body | Answer<Body>;

export interface RouteDefinition<
  A extends Access,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** The full path, with `:name` for a parameter: `/api/v1/deviceMgt/devices/:deviceId`. */
  readonly url: string;
  readonly role: A;
  /** A second role that is enough by itself, where the manual and its successor name different ones. */
  readonly orRole?: Role;
  /** Heading in the API description, for example `Devices`. */
  readonly tag: string;
  /** One line of the API description. */
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  /** Values come as text, or as a list of texts when a name is repeated: see `paging.ts` for ready parts. */
  readonly query?: Q;
  readonly body?: B;
  /** The body is no JSON, has no limit but the handler's own, and is handed over as it comes. */
  readonly rawBody?: true;
  /** The field of a form in which such a body has its file; for the API description. */
  readonly formFile?: string;
  /** Schema of the body answered; for the API description and the handler's type. None: answers nothing. */
  readonly response?: R;
  /** HTTP status of success: 200, or 204 without a `response`. */
  readonly status?: number;
  /** Further outcomes worth telling in the API description, by HTTP status. */
  readonly failures?: Readonly<Record<number, string>>;
  /** Largest body taken, in bytes; the API's own setting when undefined. */
  readonly bodyLimitBytes?: number;
  /** The setting that this limit comes from. */
  readonly bodyLimitSetting?: string;
  /** What this setting limits, where it is a part of the body: `body.file: may have 1000 bytes`. */
  readonly bodyLimitRule?: string;
  handler(
    call: Call<A, z.output<P>, z.output<Q>, z.output<B>>,
  ): Outcome<z.input<R>> | Promise<Outcome<z.input<R>>>;
}

/** A route with the types of its parts forgotten, as tables of routes hold it. */
export interface Route
  extends Omit<RouteDefinition<Access, z.ZodType, z.ZodType, z.ZodType, z.ZodType>, 'handler'> {
  handler(call: Call<Access, unknown, unknown, unknown>): unknown;
}

/**
 * Declares one operation of the REST API. The types of the handler's `call` come from the schemas; access,
 * checks, error answers and the API description are applied by `registerRoutes`, so a handler only does the
 * work and throws a PlatformError when it cannot.
 *
 * ```ts
 * export function deviceRoutes(inventory: InventoryService): Route[] {
 *   return [
 *     defineRoute({
 *       method: 'GET',
 *       url: '/api/v1/deviceMgt/devices/:deviceId',
 *       role: 'DEVICE_R',
 *       tag: 'Devices',
 *       summary: 'Get a device',
 *       params: z.object({ deviceId }),
 *       response: deviceJson,
 *       handler: ({ grant, params }) => toDeviceJson(inventory.getDevice(grant.tenantId, params.deviceId)),
 *     }),
 *   ];
 * }
 * ```
 *
 * A handler returns the body, or an {@link Answer} for another status or headers, or `v1List`/`v0List` of
 * `paging.ts` for a page of a list. `createApi({ routes: [deviceRoutes(inventory), …] })` serves them.
 */
export function defineRoute<
  const A extends Access,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
>(definition: RouteDefinition<A, P, Q, B, R>): Route {
  return definition as unknown as Route;
}
