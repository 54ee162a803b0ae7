import { hex } from './bytes.ts';
import type { Connection } from './connection.ts';
import { connectionKeys, extendedMasterSecret, masterSecret, premasterSecret } from './prf.ts';
import { RecordProtection } from './record-protection.ts';
import type { CipherSuite } from './suites.ts';
import type { Transcript } from './transcript.ts';

/** A line for a file that Wireshark reads (NSS key log format). */
export type KeyLog = (line: string) => void;

/** What both hellos have settled. */
export interface Agreement {
  readonly suite: CipherSuite;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
  readonly extendedMasterSecret: boolean;
  /** Ids that records to the client and to the server carry; empty ones are not sent. */
  readonly clientConnectionId: Uint8Array;
  readonly serverConnectionId: Uint8Array;
}

/**
 * The master secret of a full handshake.
 * @param transcript up to and with ClientKeyExchange
 */
export function agreeOnMasterSecret(
  agreement: Agreement,
  key: Uint8Array,
  shared: Uint8Array | undefined,
  transcript: Transcript,
): Uint8Array {
  const { suite, clientRandom, serverRandom } = agreement;
  const premaster = premasterSecret(key, shared);
  return agreement.extendedMasterSecret
    ? extendedMasterSecret(suite.hash, premaster, transcript.digest(suite.hash))
    : masterSecret(suite.hash, premaster, clientRandom, serverRandom);
}

/** Protects the connection from here on. */
export function protectConnection(
  connection: Connection,
  agreement: Agreement,
  master: Uint8Array,
  side: 'client' | 'server',
  keyLog: KeyLog | undefined,
): void {
  const { suite, clientRandom, serverRandom, clientConnectionId, serverConnectionId } = agreement;
  keyLog?.(`CLIENT_RANDOM ${hex(clientRandom)} ${hex(master)}`);
  const keys = connectionKeys(suite, master, clientRandom, serverRandom);
  const toServer = new RecordProtection(suite, keys.client, serverConnectionId);
  const toClient = new RecordProtection(suite, keys.server, clientConnectionId);
  if (side === 'client') connection.setKeys(toServer, toClient);
  else connection.setKeys(toClient, toServer);
}
