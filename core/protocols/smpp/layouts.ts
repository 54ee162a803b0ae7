import { type Field, octet, shortMessage, text } from './field.ts';

const bind = {
  systemId: text(16),
  password: text(9),
  systemType: text(13),
  interfaceVersion: octet,
  addrTon: octet,
  addrNpi: octet,
  addressRange: text(41),
};
const bindAnswer = { systemId: text(16) };
const source = { sourceAddrTon: octet, sourceAddrNpi: octet };
const destination = { destAddrTon: octet, destAddrNpi: octet };
const message = {
  serviceType: text(6),
  ...{ ...source, sourceAddr: text(21) },
  ...{ ...destination, destinationAddr: text(21) },
  esmClass: octet,
  protocolId: octet,
  priorityFlag: octet,
  scheduleDeliveryTime: text(17),
  validityPeriod: text(17),
  registeredDelivery: octet,
  replaceIfPresentFlag: octet,
  dataCoding: octet,
  smDefaultMsgId: octet,
  shortMessage,
};
const messageId = { messageId: text(65) };

/**
 * The PDUs of SMPP 3.4 (4.1 to 4.12): number and mandatory parameters, in the order of the wire. submit_multi is left out:
 * who gets one answers as to any command that is not known.
 */
export const layouts = {
  generic_nack: { id: 0x8000_0000, body: {} },
  bind_receiver: { id: 0x01, body: bind },
  bind_receiver_resp: { id: 0x8000_0001, body: bindAnswer },
  bind_transmitter: { id: 0x02, body: bind },
  bind_transmitter_resp: { id: 0x8000_0002, body: bindAnswer },
  query_sm: { id: 0x03, body: { ...messageId, ...source, sourceAddr: text(21) } },
  query_sm_resp: {
    id: 0x8000_0003,
    body: { ...messageId, finalDate: text(17), messageState: octet, errorCode: octet },
  },
  submit_sm: { id: 0x04, body: message },
  submit_sm_resp: { id: 0x8000_0004, body: messageId },
  deliver_sm: { id: 0x05, body: message },
  deliver_sm_resp: { id: 0x8000_0005, body: messageId },
  unbind: { id: 0x06, body: {} },
  unbind_resp: { id: 0x8000_0006, body: {} },
  replace_sm: {
    id: 0x07,
    body: {
      ...{ ...messageId, ...source, sourceAddr: text(21) },
      scheduleDeliveryTime: text(17),
      validityPeriod: text(17),
      registeredDelivery: octet,
      smDefaultMsgId: octet,
      shortMessage,
    },
  },
  replace_sm_resp: { id: 0x8000_0007, body: {} },
  cancel_sm: {
    id: 0x08,
    body: {
      ...{ serviceType: text(6), ...messageId },
      ...{ ...source, sourceAddr: text(21) },
      ...{ ...destination, destinationAddr: text(21) },
    },
  },
  cancel_sm_resp: { id: 0x8000_0008, body: {} },
  bind_transceiver: { id: 0x09, body: bind },
  bind_transceiver_resp: { id: 0x8000_0009, body: bindAnswer },
  outbind: { id: 0x0b, body: { systemId: text(16), password: text(9) } },
  enquire_link: { id: 0x15, body: {} },
  enquire_link_resp: { id: 0x8000_0015, body: {} },
  alert_notification: {
    id: 0x102,
    body: {
      ...{ ...source, sourceAddr: text(65) },
      ...{ esmeAddrTon: octet, esmeAddrNpi: octet, esmeAddr: text(65) },
    },
  },
  data_sm: {
    id: 0x103,
    body: {
      serviceType: text(6),
      ...{ ...source, sourceAddr: text(65) },
      ...{ ...destination, destinationAddr: text(65) },
      esmClass: octet,
      registeredDelivery: octet,
      dataCoding: octet,
    },
  },
  data_sm_resp: { id: 0x8000_0103, body: messageId },
} as const satisfies Record<string, Layout>;

export interface Layout {
  readonly id: number;
  // biome-ignore lint/suspicious/noExplicitAny: a field of any value
  readonly body: Readonly<Record<string, Field<any>>>;
}

export type Command = keyof typeof layouts;
type ValueOf<F> = F extends Field<infer Value> ? Value : never;

/** The mandatory parameters of a command, by their names. */
export type Body<C extends Command> = {
  readonly [Name in keyof (typeof layouts)[C]['body']]: ValueOf<(typeof layouts)[C]['body'][Name]>;
};

/** Commands that answer another one. */
export type Response = Extract<Command, `${string}_resp`> | 'generic_nack';
/** Commands that are not an answer. */
export type Request = Exclude<Command, Response>;
/** Those that get one. */
export type AnsweredRequest = { [R in Request]: `${R}_resp` extends Command ? R : never }[Request];
/** What answers it. */
export type ResponseTo<R extends AnsweredRequest> = Extract<Command, `${R}_resp`>;
