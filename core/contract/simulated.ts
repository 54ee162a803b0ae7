/** Whether a device is simulated, by the mark that simulators leave in its properties. */
export const isSimulated = (properties: Readonly<Record<string, string>> | undefined): boolean =>
  properties?.simulated === 'true';
