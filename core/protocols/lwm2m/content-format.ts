/**
 * Formats of payloads, by the names that the service uses for them (manual 7.8.6.2), and LINK for CoRE link format.
 */
export const contentFormats = [
  'TEXT',
  'LINK',
  'OPAQUE',
  'CBOR',
  'SENML_JSON',
  'SENML_CBOR',
  'TLV',
  'JSON',
] as const;
export type ContentFormat = (typeof contentFormats)[number];

/** Numbers of the CoAP content-format registry (LwM2M Core 1.1.1, 7.4). */
export const contentFormatNumbers: Readonly<Record<ContentFormat, number>> = {
  TEXT: 0,
  LINK: 40,
  OPAQUE: 42,
  CBOR: 60,
  SENML_JSON: 110,
  SENML_CBOR: 112,
  TLV: 11_542,
  JSON: 11_543,
};

/** Numbers that drafts of LwM2M 1.0 used before any were registered; some devices still send them. */
const draftNumbers: Readonly<Record<number, ContentFormat>> = {
  1541: 'TEXT',
  1542: 'TLV',
  1543: 'JSON',
  1544: 'OPAQUE',
};

const byNumber = new Map<number, ContentFormat>([
  ...Object.entries(draftNumbers).map(([number, format]) => [Number(number), format] as const),
  ...contentFormats.map((format) => [contentFormatNumbers[format], format] as const),
]);

/** The format of a number, a draft's number included; undefined for one that is not spoken here. */
export const contentFormatOf = (number: number): ContentFormat | undefined => byNumber.get(number);

/** As errors name a format. */
export const contentFormatNames: Readonly<Record<ContentFormat, string>> = {
  TEXT: 'text',
  LINK: 'link format',
  OPAQUE: 'opaque',
  CBOR: 'CBOR',
  SENML_JSON: 'SenML JSON',
  SENML_CBOR: 'SenML CBOR',
  TLV: 'TLV',
  JSON: 'LwM2M JSON',
};
