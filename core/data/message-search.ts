import { PlatformError } from '../contract/errors.ts';
import { invalidParameter } from '../contract/invalid-parameter.ts';
import { type FilteredMessage, type MessageFilter, messageMatcher } from '../contract/message-filter.ts';
import { messageSequence } from '../contract/message-id.ts';
import type { MessagePage } from '../contract/messages.ts';
import type { Store } from '../store/types.ts';
import { messageRepository } from './message-repository.ts';
import { type MessageConditions, messageSearchRepository } from './message-search-repository.ts';

export interface SearchSettings {
  /** Bytes of messages in one answer; the first is answered however long it is. */
  readonly dataPageMaxBytes: number;
  /** Most stored messages that one search looks at. */
  readonly dataSearchMaxMessages: number;
}

export interface MessageSearchQuery {
  readonly filter: MessageFilter;
  readonly limit: number;
  /** Only what the platform got before this moment. */
  readonly beforeMs?: number | undefined;
  /** Only what came before the message with this id. */
  readonly bookmarkId?: string | undefined;
}

/** Few enough that looking at them never holds up other work of the database for long. */
const rowsAtATime = 10_000;
/** As few messages of the wanted streams and senders are found by their index, and then none is left out. */
const few = 20_000;

type StoredMessage = FilteredMessage & Record<string, unknown> & { readonly created: string };

/** Looks for messages in all streams of a tenant, newest first. */
export class MessageSearch {
  private readonly store: Store;
  private readonly settings: SearchSettings;

  constructor(store: Store, settings: SearchSettings) {
    this.store = store;
    this.settings = settings;
  }

  /**
   * The newest messages that fit. It looks at a bounded number of messages, and tells how far back that has led.
   * @throws PlatformError `api.invalidParameter` for a bookmark that is no id of a message
   */
  async find(tenantId: string, query: MessageSearchQuery): Promise<MessagePage> {
    const { store } = this;
    const newest = await messageSearchRepository.newestBelow(store, tenantId, await this.end(query));
    if (!newest) return { messages: [], newestId: null, lookedBackTo: null, more: false };
    const conditions = conditionsOf(tenantId, query.filter);
    const { messages, reached } = (await this.isFew(conditions))
      ? await this.collect(conditions, query, {
          from: newest.seq,
          atATime: newest.seq + 1,
          most: newest.seq + 1,
        })
      : await this.collect(conditions, query, {
          from: newest.seq,
          // Where every message of the tenant fits, the limit ends it soon enough.
          atATime: isEmpty(query.filter) ? newest.seq + 1 : rowsAtATime,
          most: this.settings.dataSearchMaxMessages,
        });
    const [oldest, further] = await Promise.all([
      messageSearchRepository.oldestFrom(store, tenantId, reached),
      messageSearchRepository.newestBelow(store, tenantId, reached),
    ]);
    return {
      messages,
      newestId: parse(newest.body).id,
      lookedBackTo: oldest ? placeOf(parse(oldest.body)) : null,
      more: further !== undefined,
    };
  }

  /** @throws PlatformError `data.messageNotFound` */
  async one(tenantId: string, id: string): Promise<Record<string, unknown>> {
    const seq = messageSequence(id);
    const body = seq === undefined ? undefined : await messageSearchRepository.one(this.store, tenantId, seq);
    const message = body === undefined ? undefined : parse(body);
    // Of another time or installation, a number may be that of another message.
    if (message?.id === id) return message;
    throw new PlatformError('data.messageNotFound', 'Message not found.', {
      details: `No message ${id} is stored. Old messages are deleted (settings dataMaxAgeMs, dataMaxMessages, dataMaxBytes).`,
    });
  }

  private async isFew(conditions: MessageConditions): Promise<boolean> {
    const { deviceId, device, stream } = conditions;
    if (deviceId === undefined && device === undefined && stream === undefined) return false;
    return (await messageSearchRepository.countOfSeries(this.store, conditions, few + 1)) <= few;
  }

  /** Takes messages from the newest on until there are enough, or enough were looked at. @returns `reached`: what was not looked at is below */
  private async collect(
    conditions: MessageConditions,
    { filter, limit }: MessageSearchQuery,
    range: { readonly from: number; readonly atATime: number; readonly most: number },
  ): Promise<{ messages: StoredMessage[]; reached: number }> {
    const matches = messageMatcher(filter);
    const messages: StoredMessage[] = [];
    let bytes = 0;
    let high = range.from + 1;
    const end = Math.max(0, high - range.most);
    while (high > end) {
      const low = Math.max(end, high - range.atATime);
      const wanted = limit - messages.length;
      const found = await messageSearchRepository.find(this.store, conditions, {
        ...{ low, high, limit: wanted },
        few: range.atATime > range.from,
      });
      const fitting = found.filter((message, index) => {
        bytes += message.bytes;
        return (index === 0 && messages.length === 0) || bytes <= this.settings.dataPageMaxBytes;
      });
      const bodies = await messageRepository.read(
        this.store,
        fitting.map(({ seq }) => seq),
      );
      messages.push(...bodies.map(parse).filter(matches));
      if (messages.length === 0) bytes = 0;
      const cut = fitting.length < found.length;
      high = cut || found.length === wanted ? (fitting.at(-1)?.seq ?? high) : low;
      if (messages.length >= limit || (cut && messages.length > 0)) break;
    }
    return { messages, reached: high };
  }

  /** The sequence number below which the search begins. */
  private async end({ beforeMs, bookmarkId }: MessageSearchQuery): Promise<number> {
    const seq = bookmarkId === undefined ? Number.MAX_SAFE_INTEGER : messageSequence(bookmarkId);
    if (seq === undefined) throw invalidParameter(`bookmarkId: ${bookmarkId} is not the id of a message`);
    return beforeMs === undefined ? seq : Math.min(seq, await this.firstSince(beforeMs));
  }

  /** The first sequence number from a moment on. */
  private async firstSince(timeMs: number): Promise<number> {
    // Sequence numbers grow with time, so the moment is found by halving: no index by time has to be kept.
    let low = 0;
    let high = (await messageRepository.lastSeq(this.store)) + 1;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const found = await messageRepository.firstFrom(this.store, middle);
      if (found && found.createdMs < timeMs) low = found.seq + 1;
      else high = middle;
    }
    return low;
  }
}

const parse = (body: string): StoredMessage => JSON.parse(body) as StoredMessage;
const placeOf = ({ id, created }: StoredMessage) => ({ id, created });
const isEmpty = (filter: MessageFilter): boolean => Object.values(filter).every((each) => each === undefined);

/**
 * What SQL can say of a filter: every message that matches it fits, and some others may. {@link messageMatcher} then
 * decides, so that a search means what a window means by the same filter.
 */
function conditionsOf(tenantId: string, filter: MessageFilter): MessageConditions {
  const { deviceId, device, stream, text, model, tag, connector } = filter;
  return {
    ...{ tenantId, deviceId },
    device: device === undefined ? undefined : patternOf(device),
    stream: stream === undefined ? undefined : patternOf(stream),
    body: [text, model, tag, connector].filter((each) => each !== undefined).map(patternOf),
  };
}

/**
 * A pattern for texts that hold this one, as it is or within JSON. Of letters beyond ASCII databases know the case in
 * different ways, and JSON may write what is no letter in another way, so both may be anything.
 */
function patternOf(text: string): string {
  const parts = text.toLowerCase().split(/[^a-z0-9_.+-]+/);
  return `%${parts.filter((part) => part !== '').join('%')}%`;
}
