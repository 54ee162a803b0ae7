import { contextBridge, ipcRenderer } from 'electron';
import type { DesktopBridge } from '../core/contract/desktop.ts';
import { type BeginAnswer, channels } from './ipc-channels.ts';

const { location } = globalThis as unknown as { readonly location: { readonly protocol: string } };
// Asked for and waited for: the portal looks for its session before it draws anything. Our own notices need none.
const isNotice = location.protocol === 'data:';
const answer = isNotice ? null : (ipcRenderer.sendSync(channels.begin) as BeginAnswer | null);

// Null on any page that is not the portal: such a page is given nothing.
if (answer) {
  const { session, keepsData } = answer;
  const openDataFolder = (): Promise<void> => ipcRenderer.invoke(channels.openDataFolder);
  const bridge = { session, ...(keepsData && { openDataFolder }) } satisfies DesktopBridge;
  contextBridge.exposeInMainWorld('fleetbench', bridge);
}
