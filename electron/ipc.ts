import { type IpcMainEvent, type IpcMainInvokeEvent, ipcMain, type WebContents } from 'electron';
import { z } from 'zod';
import { isPortalPage } from './guards.ts';
import { type BeginAnswer, channels } from './ipc-channels.ts';

export interface IpcHandlers {
  begin(): BeginAnswer;
  openDataFolder(): Promise<void>;
}

export interface IpcParts {
  /** Origin of the running platform; undefined while there is none. */
  readonly portalOrigin: () => string | undefined;
  readonly isPortalWindow: (contents: WebContents) => boolean;
  readonly handlers: IpcHandlers;
  readonly warn: (text: string) => void;
}

const nothing = z.tuple([]);

/**
 * The only place that takes calls of a page: a linter rule keeps `ipcMain` out of every other file. A call counts
 * when it comes from the main frame of the program's own window, with the portal in it, and its arguments are
 * exactly what the channel takes. Anything else is refused and reported.
 */
export function serveIpc(parts: IpcParts): void {
  const { handlers, warn } = parts;

  function accept<Arguments>(
    event: IpcMainEvent | IpcMainInvokeEvent,
    channel: string,
    schema: z.ZodType<Arguments>,
    given: unknown[],
  ): Arguments | undefined {
    const refusal = refuseSender(event, parts);
    const parsed = schema.safeParse(given);
    if (refusal === undefined && parsed.success) return parsed.data;
    warn(`refused a call of ${channel}: ${refusal ?? 'wrong arguments'}`);
    return undefined;
  }

  ipcMain.on(channels.begin, (event, ...given) => {
    // A page that gets null has no bridge; without an answer it would wait for ever.
    event.returnValue = accept(event, channels.begin, nothing, given) ? handlers.begin() : null;
  });
  ipcMain.handle(channels.openDataFolder, async (event, ...given) => {
    if (!accept(event, channels.openDataFolder, nothing, given)) throw refused();
    await handlers.openDataFolder();
  });
}

/** Why a sender is not the portal in our window; undefined when it is. */
function refuseSender(event: IpcMainEvent | IpcMainInvokeEvent, parts: IpcParts): string | undefined {
  const frame = event.senderFrame;
  const origin = parts.portalOrigin();
  const where = frame?.url.slice(0, 200);
  if (origin === undefined) return 'the platform does not run';
  if (!frame || frame.detached) return 'its frame is gone';
  if (!parts.isPortalWindow(event.sender)) return `${where} is not in the window of the program`;
  if (frame.parent !== null) return `${where} is a frame in a page`;
  if (frame.origin !== origin || !isPortalPage(frame.url, origin)) return `${where} is not the portal`;
  return undefined;
}

const refused = (): Error => new Error('refused');
