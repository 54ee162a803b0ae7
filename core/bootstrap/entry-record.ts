import type {
  BootstrapEntryJson,
  BootstrapStatus,
  CreateEntryRequest,
  SentConfig,
} from '../contract/bootstrap/entries.ts';
import { maskedSecret } from '../contract/psk.ts';
import { isoTime } from '../platform/clock.ts';

/** A bootstrap entry (manual 7.7.1.2), as the platform keeps it, with its secrets. */
export interface BootstrapEntry extends CreateEntryRequest {
  readonly tenantId: string;
  readonly activity: BootstrapActivity;
  readonly createdMs: number;
  readonly updatedMs: number;
}

/** What has become of the bootstraps of an entry. */
export interface BootstrapActivity {
  readonly status: BootstrapStatus;
  /** What was sent last. */
  readonly sent?: SentConfig;
  readonly requests: number;
  readonly lastRequestMs?: number;
  readonly finishes: number;
  readonly lastFinishMs?: number;
}

export const noActivity: BootstrapActivity = { status: 'NEVER_REQUESTED', requests: 0, finishes: 0 };

/**
 * An entry as the API shows it (manual 7.7.3). The key for the bootstrap server is never shown.
 * @param showSecrets whether the keys for run servers are
 */
export function toEntryJson(entry: BootstrapEntry, showSecrets = false): BootstrapEntryJson {
  const { endpointName, security, definition, createdMs, updatedMs } = entry;
  const shown = (secret: string): string => (showSecrets ? secret : maskedSecret);
  return {
    endpointName,
    security: { mode: security.mode, pskInfo: { identity: security.pskInfo.identity } },
    ...(definition && {
      definition: {
        ...definition,
        ...(definition.runServers && {
          runServers: definition.runServers.map(({ id, security: given }) => ({
            id,
            ...(given && {
              security: { pskInfo: { ...given.pskInfo, secret: shown(given.pskInfo.secret) } },
            }),
          })),
        }),
      },
    }),
    activity: toActivityJson(entry.activity, shown),
    ...{ created: isoTime(createdMs), updated: isoTime(updatedMs) },
  };
}

function toActivityJson(
  { status, sent, requests, lastRequestMs, finishes, lastFinishMs }: BootstrapActivity,
  shown: (secret: string) => string,
): BootstrapEntryJson['activity'] {
  return {
    status,
    ...(sent && { endpointBootstrapConfig: { runServers: sent.runServers.map(masked) } }),
    bootstrapRequestCount: requests,
    ...(lastRequestMs !== undefined && { lastBootstrapRequestDate: isoTime(lastRequestMs) }),
    bootstrapFinishCount: finishes,
    ...(lastFinishMs !== undefined && { lastBootstrapFinishDate: isoTime(lastFinishMs) }),
  };

  function masked({ security, server }: SentConfig['runServers'][number]) {
    const { secretKey } = security;
    return {
      security: { ...security, ...(secretKey !== undefined && { secretKey: shown(secretKey) }) },
      server,
    };
  }
}
