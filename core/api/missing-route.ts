import { PlatformError } from '../contract/errors.ts';
import { notOfferedOperations } from './not-offered.ts';
import type { Route } from './route.ts';

/** Why a request met no route, and the methods that its path does take. */
export interface MissingRoute {
  readonly failure: PlatformError;
  readonly allow: readonly string[] | undefined;
}

/**
 * Tells apart an operation of the compatible API that is not offered (501), a path that takes other methods
 * (405) and a path that does not exist (404).
 */
export function missingRoute(routes: readonly Route[], method: string, url: string): MissingRoute {
  const path = url.split('?', 1)[0] ?? '';
  const notOffered = notOfferedOperations.find(
    (operation) => operation.method === method && fits(operation.url, path),
  );
  if (notOffered) {
    const failure = new PlatformError('api.notOffered', 'This operation is not offered by Fleetbench yet.', {
      details: `${notOffered.method} ${notOffered.url}`,
    });
    return { failure, allow: undefined };
  }
  const found = [...new Set(routes.filter((route) => fits(route.url, path)).map((route) => route.method))];
  const methods = found.flatMap((each) => (each === 'GET' ? ['GET', 'HEAD'] : [each]));
  if (methods.length === 0) {
    return {
      failure: new PlatformError('api.notFound', 'There is nothing at this path.', { details: path }),
      allow: undefined,
    };
  }
  const failure = new PlatformError('api.methodNotAllowed', `This path does not take ${method}.`, {
    details: `Allowed: ${methods.join(', ')}`,
  });
  return { failure, allow: methods };
}

function fits(url: string, path: string): boolean {
  const wanted = url.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith(':') ? given[index] !== '' : part === given[index]))
  );
}
