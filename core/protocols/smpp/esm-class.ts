/** Parts of esm_class (SMPP 3.4, 5.2.12). */
export const esmClass = {
  deliveryReceipt: 0b0000_0100,
  intermediateNotification: 0b0010_0000,
  userDataHeader: 0b0100_0000,
} as const;
const typeBits = 0b0011_1100;

export const hasUserDataHeader = (value: number): boolean => (value & esmClass.userDataHeader) !== 0;

/** What a deliver_sm is. Acknowledgements of devices (delivery and manual) count as messages. */
export function deliveredKind(value: number): 'message' | 'receipt' | 'notification' {
  const type = value & typeBits;
  if (type === esmClass.deliveryReceipt) return 'receipt';
  return type === esmClass.intermediateNotification ? 'notification' : 'message';
}

/** registered_delivery: a receipt for success and for failure (SMPP 3.4, 5.2.17). */
export const receiptWanted = 1;
/** The same bits say that none is wanted where they are zero. */
export const wantsReceipt = (registeredDelivery: number): boolean => (registeredDelivery & 0b11) !== 0;
