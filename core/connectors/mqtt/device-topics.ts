/** What a device may publish to (manual 6.5.4), by what the platform does with it. */
export type DevicePublication =
  | { readonly kind: 'json' }
  | { readonly kind: 'binary'; readonly encoding: string | undefined }
  | { readonly kind: 'command-answer' }
  | { readonly kind: 'configuration' }
  /** An old topic that official clients still send (facts 21): taken and ignored. */
  | { readonly kind: 'ignored' }
  /** A topic of the manual whose feature this version does not offer yet. */
  | { readonly kind: 'reserved'; readonly feature: string }
  | { readonly kind: 'unknown' };

const binaryTopic = 'dev/v1/data/binary';

const reserved: Readonly<Record<string, string>> = {
  'dev/rsc': 'resources',
  'dev/rsc/upd/res': 'resources',
  'dev/rsc/upd/err': 'resources',
};

export function classifyPublication(topic: string): DevicePublication {
  if (topic === 'dev/data') return { kind: 'json' };
  if (topic === binaryTopic) return { kind: 'binary', encoding: undefined };
  if (topic.startsWith(`${binaryTopic}/`)) {
    const encoding = topic.slice(binaryTopic.length + 1);
    return encoding === '' || encoding.includes('/') ? { kind: 'unknown' } : { kind: 'binary', encoding };
  }
  if (topic === 'dev/cmd/res') return { kind: 'command-answer' };
  if (topic === 'dev/cfg') return { kind: 'configuration' };
  if (topic === 'dev/info') return { kind: 'ignored' };
  const feature = reserved[topic];
  return feature === undefined ? { kind: 'unknown' } : { kind: 'reserved', feature };
}

/** Topics a device may subscribe to, and the capability that it announces by doing so (manual 6.5.4). */
export const subscriptionCapabilities: Readonly<Record<string, 'command' | 'configuration' | 'resource'>> = {
  'dev/cmd': 'command',
  'dev/cfg/upd': 'configuration',
  'dev/rsc/upd': 'resource',
};
