import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PlatformError } from '../core/contract/errors.ts';

const port = z.union([z.int().min(0).max(65_535), z.literal('off')]);

/** What `desktop.json` in the data folder may hold. */
const settingsFile = z.strictObject({
  ports: z
    .strictObject({
      http: port,
      https: port,
      mqtt: port,
      mqtts: port,
      coaps: port,
      coap: port,
      bs: port,
      lora: port,
      smpp: port,
    })
    .partial()
    .optional(),
  settings: z.record(z.string().regex(/^\w+$/), z.union([z.number(), z.string()])).optional(),
});
type SettingsFile = z.infer<typeof settingsFile>;

/** The settings as flags: who gives a flag of the same name after them overrides them. */
export function toFlags({ ports = {}, settings = {} }: SettingsFile): string[] {
  return [
    ...Object.entries(ports).map(([name, value]) => `--${name}-port=${value}`),
    ...Object.entries(settings).map(([name, value]) => `--set=${name}=${value}`),
  ];
}

/**
 * The ports and limits that a user wants at every start, from `desktop.json` in the data folder.
 * @returns flags to put before those of the command line; none when there is no such file.
 * @throws PlatformError `platform.setting`
 */
export function readDesktopSettings(dataDir: string): string[] {
  const path = join(dataDir, 'desktop.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  try {
    return toFlags(settingsFile.parse(JSON.parse(text)));
  } catch (error) {
    const details = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new PlatformError(
      'platform.setting',
      `${path} cannot be used. It may hold {"ports": {"http": 8080, "mqtts": "off"}, "settings": {"traceCapacity": 1000}}.`,
      { details, cause: error },
    );
  }
}
