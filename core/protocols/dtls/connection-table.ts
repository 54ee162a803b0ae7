import { hex } from './bytes.ts';
import type { Connection } from './connection.ts';
import type { PeerAddress } from './seams.ts';
import type { DtlsSession } from './session.ts';

/** The connections at one address: the one that is open, and a handshake that may take its place. */
export interface Place {
  open: Connection | undefined;
  pending: Connection | undefined;
}

/** A server's connections, by address, by connection id and by identity. */
export class ConnectionTable {
  private readonly places = new Map<string, Place>();
  private readonly ids = new Map<string, Connection>();
  private readonly idsOf = new Map<Connection, string>();
  private readonly sessions = new Map<Connection, DtlsSession>();
  private readonly identities = new Map<string, Set<DtlsSession>>();
  private handshakes = 0;

  get sessionCount(): number {
    return this.sessions.size;
  }

  get handshakeCount(): number {
    return this.handshakes;
  }

  at(peer: PeerAddress): Place | undefined {
    return this.places.get(keyOf(peer));
  }

  byId(connectionId: Uint8Array): Connection | undefined {
    return this.ids.get(hex(connectionId));
  }

  ofIdentity(pskIdentity: string): readonly DtlsSession[] {
    return [...(this.identities.get(pskIdentity) ?? [])];
  }

  openConnections(): IterableIterator<[Connection, DtlsSession]> {
    return this.sessions.entries();
  }

  /** Every connection, also those whose handshake is under way. */
  all(): Set<Connection> {
    const pending = [...this.places.values()].flatMap((place) => place.pending ?? []);
    return new Set([...pending, ...this.sessions.keys()]);
  }

  /** A handshake begins; one that was under way at the address is handed back. */
  addPending(connection: Connection): Connection | undefined {
    const place = this.placeAt(connection.peer);
    const before = place.pending;
    place.pending = connection;
    if (!before) this.handshakes += 1;
    return before;
  }

  addId(connectionId: Uint8Array, connection: Connection): void {
    const id = hex(connectionId);
    this.ids.set(id, connection);
    this.idsOf.set(connection, id);
  }

  /** A handshake is done; the connection that had the address is handed back. */
  open(connection: Connection, session: DtlsSession): Connection | undefined {
    const place = this.placeAt(connection.peer);
    if (place.pending === connection) this.endPending(place);
    const before = place.open;
    place.open = connection;
    this.sessions.set(connection, session);
    const { pskIdentity } = session;
    const known = this.identities.get(pskIdentity);
    if (known) known.add(session);
    else this.identities.set(pskIdentity, new Set([session]));
    return before;
  }

  /** A connection that is found by its id is elsewhere now. It takes nobody's place there. */
  move(connection: Connection, before: PeerAddress): void {
    this.leave(connection, before);
    const place = this.placeAt(connection.peer);
    place.open ??= connection;
  }

  remove(connection: Connection): void {
    this.leave(connection, connection.peer);
    const id = this.idsOf.get(connection);
    if (id !== undefined) this.ids.delete(id);
    this.idsOf.delete(connection);
    const session = this.sessions.get(connection);
    if (!session) return;
    this.sessions.delete(connection);
    const known = this.identities.get(session.pskIdentity);
    known?.delete(session);
    if (known?.size === 0) this.identities.delete(session.pskIdentity);
  }

  private leave(connection: Connection, peer: PeerAddress): void {
    const key = keyOf(peer);
    const place = this.places.get(key);
    if (!place) return;
    if (place.open === connection) place.open = undefined;
    if (place.pending === connection) this.endPending(place);
    if (!place.open && !place.pending) this.places.delete(key);
  }

  private endPending(place: Place): void {
    place.pending = undefined;
    this.handshakes -= 1;
  }

  private placeAt(peer: PeerAddress): Place {
    const key = keyOf(peer);
    let place = this.places.get(key);
    if (!place) {
      place = { open: undefined, pending: undefined };
      this.places.set(key, place);
    }
    return place;
  }
}

const keyOf = ({ address, port }: PeerAddress): string => `${address} ${port}`;
