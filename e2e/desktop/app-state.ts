import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import WebSocket from 'ws';

/**
 * What the portal in the window of a program says of itself, over Chromium's own debugging port.
 * @returns undefined while there is no such page, or it does not answer
 */
export async function appState(dataDir: string, origin: string): Promise<string | undefined> {
  const [port] = (await readFile(join(dataDir, 'desktop/DevToolsActivePort'), 'utf8')).split('\n');
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
  const targets = (await answer.json()) as { type: string; url: string; webSocketDebuggerUrl: string }[];
  const page = targets.find(({ type, url }) => type === 'page' && url.startsWith(origin));
  if (page === undefined) return undefined;
  const socket = new WebSocket(page.webSocketDebuggerUrl);
  try {
    await once(socket, 'open');
    const expression = 'document.querySelector("#root")?.dataset.appState';
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
    const [text] = await once(socket, 'message');
    const { result } = JSON.parse(String(text)) as { result?: { result?: { value?: string } } };
    return result?.result?.value;
  } finally {
    socket.terminate();
  }
}
