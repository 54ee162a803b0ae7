/** What the platform offers to definitions of interfaces, by the name of its setting. */
export interface InterfaceOffers {
  /** Numbers by which SMS devices reach the platform (manual 5.5.2.1); by the first one commands go that name none. */
  readonly smsServerPhoneNumbers: readonly string[];
}

export const defaultInterfaceOffers: InterfaceOffers = {
  smsServerPhoneNumbers: ['20259', '+3320259', '12345'],
};
