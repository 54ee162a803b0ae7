import { PlatformError } from '../../contract/errors.ts';
import type { ListenAddress } from '../sockets.ts';

/** What to tell people when a port cannot be had. */
export function toListenError(error: NodeJS.ErrnoException, { host, port }: ListenAddress): PlatformError {
  const where = `${host}:${port}`;
  const message =
    error.code === 'EADDRINUSE'
      ? `Port ${port} on ${host} is in use by another program. Stop it, or choose another port (0 takes a free one).`
      : error.code === 'EACCES'
        ? `Not allowed to listen on ${where}. Ports below 1024 need more rights: choose a higher port.`
        : ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(error.code ?? '')
          ? `This machine has no address ${host}. Use 127.0.0.1, or an address of this machine.`
          : `Cannot listen on ${where}: ${error.message}`;
  return new PlatformError('platform.listen', message, { cause: error });
}
