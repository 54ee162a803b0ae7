import { type DestinationStream, pino } from 'pino';
import type { Logger } from '../logger.ts';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One JSON object a line, on stderr when nothing else is named, so that stdout stays free for what a script reads. */
export function createPinoLogger(
  level: LogLevel,
  destination: DestinationStream = pino.destination({ dest: 2, sync: true }),
): Logger {
  const { err } = pino.stdSerializers;
  return pino({ level, base: null, serializers: { err, error: err } }, destination);
}
