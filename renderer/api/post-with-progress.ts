import { useSession } from '../session/session-store.ts';
import { ApiError, platformOrigin } from './client.ts';

/**
 * Posts a large body and tells how much of it has left, which `fetch` does not.
 * @param onSent told the part, from 0 to 1
 * @throws ApiError
 */
export function postWithProgress<T>(path: string, body: unknown, onSent: (part: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const silent = () => reject(new ApiError(0, 'NO_ANSWER', 'The platform did not answer.', `POST ${path}`));
    request.open('POST', `${platformOrigin()}${path}`);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/json');
    const key = useSession.getState().session?.key;
    if (key !== undefined) request.setRequestHeader('X-API-Key', key);
    request.upload.onprogress = ({ loaded, total }) => onSent(total === 0 ? 0 : loaded / total);
    request.onerror = silent;
    request.onabort = silent;
    request.onload = () => {
      const answer = parse(request.responseText);
      if (request.status < 300) resolve(answer as T);
      else {
        const { code = `HTTP_${request.status}`, message = request.statusText, details } = answer;
        reject(new ApiError(request.status, code, message, details));
      }
    };
    request.send(JSON.stringify(body));
  });
}

function parse(text: string): Record<string, string | undefined> {
  try {
    return JSON.parse(text) as Record<string, string | undefined>;
  } catch {
    // Not of the platform: a proxy in between.
    return {};
  }
}
