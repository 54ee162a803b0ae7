import type { Clock } from '../../../platform/clock.ts';
import type { LoggedMessage } from '../../../protocols/coap/context.ts';
import { SessionLink } from '../../../protocols/coaps/session-link.ts';
import type { DtlsEvent, LoggedConnection } from '../../../protocols/dtls/log.ts';
import type { DtlsSession } from '../../../protocols/dtls/session.ts';
import type { CoapLog, LogOwner } from './coap-log.ts';
import { Conversation } from './conversation.ts';

export interface PortLogParts {
  readonly log: CoapLog;
  readonly server: Conversation['server'];
  /** The platform's time, as it is shown. */
  readonly clock: Clock;
  /** Whose identity it is; undefined when nobody has it, or several do. */
  ownerOf(pskIdentity: string): LogOwner | undefined;
}

/** Sorts what goes over one port into conversations. */
export class PortLog {
  private readonly parts: PortLogParts;
  private readonly conversations = new WeakMap<LoggedConnection, Conversation>();
  private readonly sessions = new WeakMap<DtlsSession, Conversation>();

  constructor(parts: PortLogParts) {
    this.parts = parts;
  }

  /** The conversation over a session that has opened. */
  of(session: DtlsSession): Conversation {
    const known = this.sessions.get(session);
    if (known) return known;
    const made = new Conversation(this.parts.log, session, this.parts.server);
    this.sessions.set(session, made);
    return made;
  }

  readonly dtls = (connection: LoggedConnection, event: DtlsEvent): void => {
    const { log, server, clock } = this.parts;
    let conversation = this.conversations.get(connection);
    if (!conversation) {
      conversation = new Conversation(log, connection, server);
      this.conversations.set(connection, conversation);
    }
    if (event.kind === 'opened') {
      conversation.session = event.session;
      this.sessions.set(event.session, conversation);
      this.identified(conversation, event.session.pskIdentity);
    } else if (event.kind === 'failed') this.identified(conversation, event.pskIdentity);
    conversation.dtls(clock.now(), event);
  };

  readonly coap = (message: LoggedMessage): void => {
    if (!(message.link instanceof SessionLink)) return;
    this.of(message.link.session).coap({ ...message, timeMs: this.parts.clock.now() });
  };

  private identified(conversation: Conversation, pskIdentity: string | undefined): void {
    if (pskIdentity === undefined) return;
    conversation.pskIdentity = pskIdentity;
    const owner = this.parts.ownerOf(pskIdentity);
    if (owner) conversation.belongsTo(owner);
  }
}
