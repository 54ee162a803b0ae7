import type { useText } from '../../i18n/use-text.ts';

/** Those of the network (docs/lora.md), of which there is a text; a newer one is shown as it is. */
const known = [
  'malformedDatagram',
  'unknownGateway',
  'malformedFrame',
  'unexpectedFrame',
  'notLora',
  'brokenFrame',
  'overload',
  'unknownDevEui',
  'wrongAppEui',
  'wrongMic',
  'repeatedDevNonce',
  'unknownDevAddr',
  'repeatedCounter',
  'counterGap',
  'disabled',
  'unknownProfile',
  'otherRegion',
  'notStored',
  'notSent',
] as const;

type Text = ReturnType<typeof useText<'lora'>>;

/** A few words for a reason. */
export function dropWord(t: Text, reason: string): string {
  const found = known.find((each) => each === reason);
  return found === undefined ? reason : t(`drop_${found}`);
}

/** What may be behind it, and what to do. */
export function dropAdvice(t: Text, reason: string): string | undefined {
  const found = known.find((each) => each === reason);
  return found && t(`dropHelp_${found}`);
}
