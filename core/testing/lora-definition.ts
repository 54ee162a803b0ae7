export const loraDeviceId = 'urn:lo:nsid:lora:0101010210101010';

/** The device of the manual's example (5.5.1.4.1). */
export const loraDefinition = {
  devEUI: '0101010210101010',
  profile: 'Generic_classA_RX2SF9',
  activationType: 'OTAA',
  appEUI: '9879876546543211',
  appKey: '11223344556677889988776655443322',
  connectivityOptions: { ackUl: true, location: false },
  connectivityPlan: 'orange-cs/CP_Basic',
};
