import { type DeviceDialog, Unreachable } from './device-dialog.ts';
import { type FirmwareStatus, firmwarePaths, firmwareStates, readFirmwareStatus } from './firmware-object.ts';

/**
 * Makes a device forget what it has of a package, and its last result: an empty Package URI, or the byte 0 as Package (LwM2M
 * Core 1.1.1, E.6). Devices differ in which of them they know, so the other follows where one is refused.
 * @throws Unreachable, as a rejection
 */
export async function resetFirmware(
  dialog: DeviceDialog,
  { delivery }: Pick<FirmwareStatus, 'delivery'>,
): Promise<void> {
  const byUri = { path: firmwarePaths.packageUri, value: { type: 'STRING', value: '' } as const };
  const byPackage = {
    path: firmwarePaths.package,
    value: { type: 'OPAQUE', value: Uint8Array.of(0) } as const,
  };
  for (const value of delivery === 'push' ? [byPackage, byUri] : [byUri, byPackage]) {
    const { path } = value;
    const answer = await dialog.ask({
      ...{ kind: 'write', path, mode: 'REPLACE' },
      ...{ values: [value], requestFormat: undefined },
    });
    if (answer.kind === 'ok') return;
  }
}

/** The same for a device whose update nobody wants any more, unless it installs it already. False: not reached. */
export async function forgetPackage(dialog: DeviceDialog): Promise<boolean> {
  try {
    const paths = [firmwarePaths.instance];
    const answer = await dialog.ask({ kind: 'read', paths, responseFormat: undefined });
    const status = answer.kind === 'ok' ? readFirmwareStatus(answer.values ?? []) : undefined;
    if (status === undefined || typeof status === 'string') return true;
    const { downloading, downloaded } = firmwareStates;
    if (status.state === downloading || status.state === downloaded) await resetFirmware(dialog, status);
    return true;
  } catch (error) {
    if (error instanceof Unreachable) return false;
    throw error;
  }
}
