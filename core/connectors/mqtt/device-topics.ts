/** What a device may publish to of data (manual 6.5.4), by what the platform does with it. */
export type DevicePublication =
  | { readonly kind: 'json' }
  | { readonly kind: 'binary'; readonly encoding: string | undefined }
  /** An old topic that official clients still send (facts 21): taken and ignored. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'unknown' };

const binaryTopic = 'dev/v1/data/binary';

export function classifyPublication(topic: string): DevicePublication {
  if (topic === 'dev/data') return { kind: 'json' };
  if (topic === binaryTopic) return { kind: 'binary', encoding: undefined };
  if (topic.startsWith(`${binaryTopic}/`)) {
    const encoding = topic.slice(binaryTopic.length + 1);
    return encoding === '' || encoding.includes('/') ? { kind: 'unknown' } : { kind: 'binary', encoding };
  }
  return topic === 'dev/info' ? { kind: 'ignored' } : { kind: 'unknown' };
}
