import { PlatformError } from '../core/contract/errors.ts';

export interface RestAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each caller knows the answer of its call by the API's description
  readonly body: any;
}

/** The platform's REST API as a program of a user calls it. */
export class PlatformRest {
  private readonly url: () => string | undefined;
  private readonly openKey: () => string;
  private key: string | undefined;

  /**
   * @param url address of the API, asked before each call; undefined when it does not listen
   * @param openKey gives the text of a key; asked again when the one before is no longer known
   */
  constructor(url: () => string | undefined, openKey: () => string) {
    this.url = url;
    this.openKey = openKey;
  }

  /** @throws PlatformError `simulators.failed` when there was no answer */
  async call(method: string, path: string, body?: unknown): Promise<RestAnswer> {
    const known = this.key !== undefined;
    const answer = await this.send(method, path, body);
    if (!known || answer.body?.code !== 'FORBIDDEN') return answer;
    this.key = undefined;
    return this.send(method, path, body);
  }

  /**
   * A call that must succeed.
   * @param what for the error: what was tried
   * @throws PlatformError `simulators.failed` with what the platform said
   */
  async require(what: string, method: string, path: string, body?: unknown): Promise<RestAnswer['body']> {
    const answer = await this.call(method, path, body);
    if (answer.status < 300) return answer.body;
    throw refused(what, answer);
  }

  private async send(method: string, path: string, body: unknown): Promise<RestAnswer> {
    const url = this.url();
    if (url === undefined) {
      throw failed('The platform does not listen on HTTP, which simulators need to register their devices.');
    }
    this.key ??= this.openKey();
    const headers = {
      'X-API-KEY': this.key,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
    } catch (error) {
      throw failed(`The platform did not answer ${method} ${path}: ${(error as Error).message}`, error);
    }
  }
}

/** The error of a call that the platform answered with no. */
export function refused(what: string, { status, body }: RestAnswer): PlatformError {
  const said = [body?.message, body?.details].filter(Boolean).join(' ');
  return failed(`The platform refused ${what} (${status}): ${said}`);
}

function failed(message: string, cause?: unknown): PlatformError {
  return new PlatformError('simulators.failed', message, { cause });
}
