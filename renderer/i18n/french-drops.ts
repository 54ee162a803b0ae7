/** Why the LoRa network dropped a frame, in French; as the texts of the contract for values that do not fit. */
export const frenchDrops: readonly (readonly [english: string, french: string])[] = [
  [
    'Join-request of a device whose profile ~* is not known',
    'Demande d’activation d’un appareil dont le profil ~* est inconnu',
  ],
  ['Join-request of an interface that is disabled', 'Demande d’activation d’une interface désactivée'],
  [
    'Join-request of ~*, which no LoRa interface has',
    'Demande d’activation de ~*, qu’aucune interface LoRa n’a',
  ],
  [
    'Join-request with appEUI ~*; the interface has ~*',
    'Demande d’activation avec l’appEUI ~* ; l’interface a ~*',
  ],
  [
    'Join-request whose MIC is not by the appKey of the interface',
    'Demande d’activation dont le MIC n’est pas fait avec l’appKey de l’interface',
  ],
  ['Join-request on ~* MHz is not of ~*', 'Demande d’activation sur ~* MHz, hors de la région ~*'],
  [
    'Join-request with DevNonce #, which was used before',
    'Demande d’activation avec le DevNonce #, déjà utilisé',
  ],
  ['Join-request: ~*', 'Demande d’activation : ~*'],
  ['Uplink of address ~*, which no joined device has', 'Trame de l’adresse ~*, qu’aucun appareil activé n’a'],
  [
    'Uplink whose MIC is not by the keys of the session',
    'Trame dont le MIC n’est pas fait avec les clés de la session',
  ],
  ['Uplink with frame counter #, which is of the past', 'Trame avec le compteur #, qui est du passé'],
  [
    'Uplink with frame counter #, which is too high for the first of a session: it may run ahead by #',
    'Trame avec le compteur #, trop haut pour la première d’une session : il peut avancer de #',
  ],
  [
    'Uplink with frame counter #, which is too high after #: it may run ahead by #',
    'Trame avec le compteur #, trop haut après # : il peut avancer de #',
  ],
  ['Uplink of an interface that is disabled', 'Trame d’une interface désactivée'],
  ['Uplink of a device whose profile is not known', 'Trame d’un appareil dont le profil est inconnu'],
  ['Uplink on ~* MHz is not of ~*', 'Trame sur ~* MHz, hors de la région ~*'],
  ['Uplink #: ~*', 'Trame # : ~*'],
  ['Frame by ~*; the network speaks LoRa', 'Trame en ~* ; le réseau parle LoRa'],
  ['Frame on ~* MHz at a gateway that is set to ~*', 'Trame sur ~* MHz à une passerelle réglée sur ~*'],
  ['More frames at a time than ~* allows', 'Plus de trames à la fois que ~* n’en permet'],
  [
    'Frame of type ~*, which devices of LoRaWAN 1.0 do not send',
    'Trame de type ~*, que les appareils de LoRaWAN 1.0 n’envoient pas',
  ],
  ['no gateway is in reach of the device', 'aucune passerelle n’est à portée de l’appareil'],
];
