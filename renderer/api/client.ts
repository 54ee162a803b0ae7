import { useSession } from '../session/session-store.ts';

/** What the platform, or the way to it, said no with. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly details: string | undefined;

  constructor(status: number, code: string, message: string, details?: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

interface RequestOptions {
  readonly query?: Query;
  readonly signal?: AbortSignal;
  /** Asks for the number of entries in all. */
  readonly total?: boolean;
  /** Another key than the session's. */
  readonly key?: string;
  /** No key at all. */
  readonly anonymous?: boolean;
}

export interface Listed<Item> {
  readonly items: Item[];
  readonly total: number;
}

/** The address of the platform that serves this page. */
export const platformOrigin = (): string => window.location.origin;

export function toQueryString(query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    if (typeof value !== 'object') params.append(name, String(value));
    else for (const each of value) params.append(name, each);
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** A file, or a form with one, which names its own type. */
const isRaw = (body: unknown): body is Blob | FormData => body instanceof Blob || body instanceof FormData;

async function send(method: string, path: string, body: unknown, options: RequestOptions): Promise<Response> {
  const key = options.anonymous ? undefined : (options.key ?? useSession.getState().session?.key);
  let response: Response;
  try {
    response = await fetch(`${platformOrigin()}${path}${toQueryString(options.query)}`, {
      method,
      headers: {
        Accept: 'application/json',
        ...(key === undefined ? {} : { 'X-API-Key': key }),
        ...(body === undefined || isRaw(body) ? {} : { 'Content-Type': 'application/json' }),
        ...(options.total ? { 'X-Total-Count': 'true' } : {}),
      },
      ...(body === undefined ? {} : { body: isRaw(body) ? body : JSON.stringify(body) }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError(0, 'NO_ANSWER', 'The platform did not answer.', `${method} ${path}`);
  }
  if (response.ok) return response;
  const failure = await toApiError(response);
  // A late answer to a key that has been replaced says nothing about the session that is open now.
  const isSessions =
    !options.anonymous && options.key === undefined && key === useSession.getState().session?.key;
  if (isSessions && endsSession(failure)) {
    useSession.getState().signOut({ kind: 'session', message: failure.message, details: failure.details });
  }
  throw failure;
}

/** No key or an unknown one. A key that lacks a role is still a session: the view says which role. */
const endsSession = ({ status, code }: ApiError): boolean =>
  status === 401 || (status === 403 && code === 'FORBIDDEN');

async function toApiError(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const { code, message, details } = JSON.parse(text) as Record<string, string | undefined>;
    if (code !== undefined && message !== undefined) {
      // An error without more to say has its message again as details.
      return new ApiError(response.status, code, message, details === message ? undefined : details);
    }
  } catch {
    // Not of the platform: a proxy in between, or a program on the wrong port.
  }
  return new ApiError(response.status, `HTTP_${response.status}`, response.statusText, text.slice(0, 300));
}

async function json<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** The REST API with the key of the session. Every call throws {@link ApiError}. */
export const api = {
  async get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return json<T>(await send('GET', path, undefined, options));
  },
  /** A v1 list and how many entries there are in all. */
  async list<Item>(path: string, options: RequestOptions = {}): Promise<Listed<Item>> {
    const response = await send('GET', path, undefined, { ...options, total: true });
    const items = await json<Item[]>(response);
    return { items, total: Number(response.headers.get('X-Total-Count') ?? items.length) };
  },
  async post<T>(path: string, body?: unknown, options: RequestOptions = {}): Promise<T> {
    return json<T>(await send('POST', path, body, options));
  },
  async put<T>(path: string, body: unknown): Promise<T> {
    return json<T>(await send('PUT', path, body, {}));
  },
  async patch<T>(path: string, body: unknown): Promise<T> {
    return json<T>(await send('PATCH', path, body, {}));
  },
  /** Sends a file as it is. */
  async upload<T>(path: string, file: Blob, query: Query = {}): Promise<T> {
    return json<T>(await send('PUT', path, file, { query }));
  },
  /** An answer to keep as a file. */
  async download(path: string, query: Query = {}): Promise<Blob> {
    return (await send('GET', path, undefined, { query })).blob();
  },
  async delete<T = void>(path: string, query: Query = {}): Promise<T> {
    return json<T>(await send('DELETE', path, undefined, { query }));
  },
};
