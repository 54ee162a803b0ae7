import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import WebSocket from 'ws';

/** A call of Chromium's debugging protocol. */
export interface PageCall {
  readonly method: string;
  readonly params: object;
}

/**
 * Makes calls to the portal's page over Chromium's own debugging port, as somebody who comes, calls, and goes. Playwright
 * stays attached to a page, loses it when it crashes, and Chromium calls no page hung that something is attached to.
 * @param answered false: goes without waiting for an answer, which a page that hangs does not give
 * @returns the result of the last call; undefined while there is no such page
 */
export async function callPage<Result>(
  dataDir: string,
  calls: readonly PageCall[],
  { answered = true } = {},
): Promise<Result | undefined> {
  const [port] = (await readFile(join(dataDir, 'desktop/DevToolsActivePort'), 'utf8')).split('\n');
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
  const targets = (await answer.json()) as { type: string; url: string; webSocketDebuggerUrl: string }[];
  const page = targets.find(({ type, url }) => type === 'page' && url.startsWith('http:'));
  if (page === undefined) return undefined;
  const socket = new WebSocket(page.webSocketDebuggerUrl);
  try {
    await once(socket, 'open');
    let result: Result | undefined;
    for (const [id, call] of calls.entries()) {
      await new Promise<void>((resolve, reject) =>
        socket.send(JSON.stringify({ id, ...call }), (error) => (error ? reject(error) : resolve())),
      );
      if (!answered) continue;
      const [text] = await once(socket, 'message');
      result = (JSON.parse(String(text)) as { result?: Result }).result;
    }
    // The closing handshake: what was sent before it has arrived.
    const closed = once(socket, 'close');
    socket.close();
    await closed;
    return result;
  } finally {
    socket.terminate();
  }
}

/** What the portal in the window of a program says of itself. @returns undefined while it says nothing */
export async function appState(dataDir: string): Promise<string | undefined> {
  const expression = 'document.querySelector("#root")?.dataset.appState';
  const answer = await callPage<{ result?: { value?: string } }>(dataDir, [
    { method: 'Runtime.evaluate', params: { expression } },
  ]);
  return answer?.result?.value;
}
