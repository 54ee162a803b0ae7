import type { ReplaceEntryRequest } from '../contract/bootstrap/entries.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { maskedSecret } from '../contract/psk.ts';
import type { BootstrapEntry } from './entry-record.ts';

type Given = Pick<BootstrapEntry, 'security' | 'definition'>;

/**
 * What an entry shall be, where a caller sends back what was shown to him: the secrets that he could not see are those
 * that are there.
 * @throws PlatformError `api.invalidParameter` where there is none
 */
export function withKeptSecrets(
  { security, definition }: ReplaceEntryRequest,
  before: BootstrapEntry,
): Given {
  const { identity, secret } = security.pskInfo;
  const keep = secret === undefined || secret === maskedSecret;
  return {
    security: {
      mode: security.mode,
      pskInfo: { identity, secret: keep ? before.security.pskInfo.secret : secret },
    },
    definition: definition && {
      ...definition,
      ...(definition.runServers && {
        runServers: definition.runServers.map((server, index) => {
          if (server.security?.pskInfo.secret !== maskedSecret) return server;
          const kept = before.definition?.runServers?.find(({ id }) => id === server.id)?.security;
          if (!kept) throw onlyAMask(`definition.runServers.${index}.security`);
          const { secret: own } = kept.pskInfo;
          return { ...server, security: { pskInfo: { ...server.security.pskInfo, secret: own } } };
        }),
      }),
    },
  };
}

/** A mask is no secret: a new entry has none that it could stand for. @throws PlatformError `api.invalidParameter` */
export function refuseMasks({ security, definition }: Given): void {
  if (security.pskInfo.secret === maskedSecret) throw onlyAMask('security');
  definition?.runServers?.forEach((server, index) => {
    if (server.security?.pskInfo.secret === maskedSecret) {
      throw onlyAMask(`definition.runServers.${index}.security`);
    }
  });
}

const onlyAMask = (path: string) =>
  invalidParameter(
    `body.${path}.pskInfo.secret: ${maskedSecret} stands for a secret that is not shown, and there is none; give the secret itself`,
  );
