import type { EventBus } from '../bus/event-bus.ts';
import type { ApiKeyJson, KeyRateLimit } from '../contract/api-keys.ts';
import { PlatformError } from '../contract/errors.ts';
import type { PlatformEvents } from '../contract/events.ts';
import type { Clock } from '../platform/clock.ts';
import { type RandomSource, randomHex } from '../platform/random.ts';
import type { Serial } from '../platform/serial.ts';
import type { Statement, Store } from '../store/types.ts';
import { accountsRepository } from './accounts-repository.ts';
import { hashKey, type KeyDocument, type KeyRecord, recordOf, toApiKeyJson } from './key-record.ts';
import type { KeyRegistry } from './key-registry.ts';

export interface KeyChangesParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly bus: EventBus<PlatformEvents>;
  readonly keys: KeyRegistry;
  /** Changes of keys and tenants, one after the other. */
  readonly serial: Serial;
  /** As keys show it. */
  readonly rateLimit: KeyRateLimit;
}

/** What changes of API keys have in common, whoever asks for them. */
export class KeyChanges {
  readonly keys: KeyRegistry;
  private readonly parts: KeyChangesParts;

  constructor(parts: KeyChangesParts) {
    this.keys = parts.keys;
    this.parts = parts;
  }

  /** Runs a change when those before it have ended. */
  run<T>(change: () => Promise<T>): Promise<T> {
    return this.parts.serial.run(change);
  }

  commit(statements: readonly Statement[]): Promise<void> {
    return this.parts.store.commit([...statements]);
  }

  newText(): string {
    return randomHex(this.parts.random, 16);
  }

  /** @throws PlatformError `platform.setting` when there is a key of this text. */
  newRecord(tenantId: string, keyText: string, document: KeyDocument): KeyRecord {
    const { clock, random } = this.parts;
    const hash = hashKey(keyText);
    if (this.keys.findByHash(hash)) throw new PlatformError('platform.setting', 'Another key has this text.');
    return recordOf({ id: randomHex(random, 12), tenantId, createdMs: clock.now(), hash, document });
  }

  /**
   * Deletes keys, and ends what they had opened.
   * @param beside what is stored in the same transaction
   */
  async remove(gone: readonly KeyRecord[], beside: readonly Statement[] = []): Promise<void> {
    const statements = [...beside, ...gone.map(({ id }) => accountsRepository.deleteKey(id))];
    if (statements.length > 0) await this.parts.store.commit(statements);
    for (const each of gone) this.keys.remove(each);
    this.revoke(gone);
  }

  /** Tells that sessions of these keys are to end. */
  revoke(keys: Iterable<KeyRecord>): void {
    for (const { id, tenantId } of keys) this.parts.bus.emit('keyRevoked', { tenantId, keyId: id });
  }

  /** @param value the key's text, for the one answer that may show it. */
  show(key: KeyRecord, value?: string): ApiKeyJson {
    return toApiKeyJson(key, this.parts.rateLimit, this.parts.clock.now(), value);
  }
}
