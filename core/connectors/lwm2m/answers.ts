import { codes } from '../../protocols/coap/codes.ts';
import type { Answer } from '../../protocols/coap/request-server.ts';

export const changed: Answer = { code: codes.changed };

/** An answer that says why, in words that the client may see. */
export function diagnosis(code: number, text: string): Answer {
  return { code, payload: new TextEncoder().encode(text) };
}

/** Resolves when it is stored, so that the device may be told. */
export function durable(begin: (done: (error?: Error) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => begin((error) => (error ? reject(error) : resolve())));
}
