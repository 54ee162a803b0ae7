import { septetsOf } from '../../../core/protocols/smpp/gsm7.ts';

export interface SmsLength {
  readonly encoding: 'GSM 7-bit' | 'UCS-2';
  /** Short messages that the text takes. */
  readonly segments: number;
  /** What still fits into the last of them: septets, or units of UCS-2. */
  readonly left: number;
}

/** Room of one short message, and of each part of a longer one, whose header takes the rest (3GPP 23.040, 9.2.3.24). */
const room = { 'GSM 7-bit': [160, 153], 'UCS-2': [70, 67] } as const;

/** How a handset would send a text. No character is torn apart. */
export function smsLength(text: string): SmsLength {
  const characters = [...text];
  const isGsm = characters.every((character) => septetsOf(character) !== undefined);
  const encoding = isGsm ? 'GSM 7-bit' : 'UCS-2';
  const costs = characters.map((character) =>
    isGsm ? (septetsOf(character)?.length ?? 0) : character.length,
  );
  const [single, part] = room[encoding];
  const whole = costs.reduce((sum, cost) => sum + cost, 0);
  if (whole <= single) return { encoding, segments: 1, left: single - whole };
  let segments = 1;
  let used = 0;
  for (const cost of costs) {
    if (used + cost > part) {
      segments += 1;
      used = 0;
    }
    used += cost;
  }
  return { encoding, segments, left: part - used };
}
