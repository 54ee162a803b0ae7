/** Why frames are dropped: a few words, and what to do about it. */
const en = {
  drop_malformedDatagram: 'malformed datagram',
  dropHelp_malformedDatagram:
    'What came is no packet of the packet-forwarder protocol. Check what sends to this port.',
  drop_unknownGateway: 'unknown gateway',
  dropHelp_unknownGateway:
    'Register the gateway by its EUI, or let unregistered ones be listened to (setting loraUnknownGateways).',
  drop_malformedFrame: 'malformed frame',
  dropHelp_malformedFrame: 'The bytes are no frame of LoRaWAN 1.0: of another protocol, or cut on the way.',
  drop_unexpectedFrame: 'unexpected kind',
  dropHelp_unexpectedFrame:
    'Devices of LoRaWAN 1.0 send joins and data frames only. It may be a downlink of another network.',
  drop_brokenFrame: 'broken',
  dropHelp_brokenFrame:
    'The gateway says that the checksum is wrong or missing: noise, or a frame that collided.',
  drop_notLora: 'not LoRa',
  dropHelp_notLora: 'The network takes LoRa modulation, no FSK.',
  drop_overload: 'too many at a time',
  dropHelp_overload:
    'More frames came than wait for their copies at a time. Raise the setting that is named, or send less often.',
  drop_unknownDevEui: 'unknown DevEUI',
  dropHelp_unknownDevEui:
    'Register a device with this DevEUI, or compare the order of its digits: some makers print it the other way round.',
  drop_wrongAppEui: 'wrong AppEUI',
  dropHelp_wrongAppEui: 'Make the AppEUI of the device and that of its interface the same.',
  drop_wrongMic: 'wrong MIC',
  dropHelp_wrongMic:
    'It was changed on the way, or made with another key. Compare the AppKey of the device with that of its interface, and let it join again.',
  drop_repeatedDevNonce: 'DevNonce used before',
  dropHelp_repeatedDevNonce:
    'A replay, or a device that begins its nonces anew after a restart. It must take another nonce for each join.',
  drop_unknownDevAddr: 'unknown DevAddr',
  dropHelp_unknownDevAddr:
    'No session has this address: a device of another network, or one that has to join again.',
  drop_counterGap: 'counter too far ahead',
  dropHelp_counterGap: 'Its counter is more than 16,383 above the last one. The device has to join anew.',
  drop_repeatedCounter: 'counter used before',
  dropHelp_repeatedCounter:
    'A replay, or a device that begins its counter anew without a join. Let it join again.',
  drop_disabled: 'interface disabled',
  dropHelp_disabled: 'Enable the LoRa interface of the device.',
  drop_unknownProfile: 'unknown profile',
  dropHelp_unknownProfile: 'Choose a profile that is known in the definition of the interface.',
  drop_otherRegion: 'other region',
  dropHelp_otherRegion:
    'The channel is not of the region that the profile of the device, or the gateway, is set to. Choose one of the right region.',
  drop_notStored: 'not stored',
  dropHelp_notStored:
    'The store did not take the message. Look at free disk space; a device that waits for an acknowledgement sends it again.',
  drop_notSent: 'not sent',
  dropHelp_notSent: 'No gateway sent it. The ways that were tried are below, each with what was in its way.',
};

const fr: typeof en = {
  drop_malformedDatagram: 'datagramme mal formé',
  dropHelp_malformedDatagram:
    'Ce qui est venu n’est pas un paquet du protocole « packet forwarder ». Voyez ce qui émet vers ce port.',
  drop_unknownGateway: 'passerelle inconnue',
  dropHelp_unknownGateway:
    'Enregistrez la passerelle par son EUI, ou laissez écouter celles qui ne le sont pas (réglage loraUnknownGateways).',
  drop_malformedFrame: 'trame mal formée',
  dropHelp_malformedFrame:
    'Les octets ne sont pas une trame LoRaWAN 1.0 : un autre protocole, ou une trame coupée en chemin.',
  drop_unexpectedFrame: 'sorte inattendue',
  dropHelp_unexpectedFrame:
    'Les appareils LoRaWAN 1.0 n’émettent que des activations et des trames de données. C’est peut-être une trame descendante d’un autre réseau.',
  drop_brokenFrame: 'abîmée',
  dropHelp_brokenFrame:
    'La passerelle dit la somme de contrôle fausse ou absente : du bruit, ou une collision.',
  drop_notLora: 'pas LoRa',
  dropHelp_notLora: 'Le réseau prend la modulation LoRa, pas FSK.',
  drop_overload: 'trop à la fois',
  dropHelp_overload:
    'Plus de trames sont venues qu’il n’en peut attendre leurs copies. Augmentez le réglage nommé, ou émettez moins souvent.',
  drop_unknownDevEui: 'DevEUI inconnu',
  dropHelp_unknownDevEui:
    'Enregistrez un appareil avec ce DevEUI, ou comparez l’ordre de ses chiffres : certains fabricants l’impriment à l’envers.',
  drop_wrongAppEui: 'AppEUI faux',
  dropHelp_wrongAppEui: 'L’AppEUI de l’appareil et celui de son interface doivent être les mêmes.',
  drop_wrongMic: 'MIC faux',
  dropHelp_wrongMic:
    'Elle a été changée en chemin, ou faite avec une autre clé. Comparez l’AppKey de l’appareil à celle de son interface, et laissez-le s’activer à nouveau.',
  drop_repeatedDevNonce: 'DevNonce déjà utilisé',
  dropHelp_repeatedDevNonce:
    'Un rejeu, ou un appareil qui recommence ses nonces après un redémarrage. Il doit en prendre un autre à chaque activation.',
  drop_unknownDevAddr: 'DevAddr inconnue',
  dropHelp_unknownDevAddr:
    'Aucune session n’a cette adresse : un appareil d’un autre réseau, ou qui doit s’activer à nouveau.',
  drop_counterGap: 'compteur trop en avance',
  dropHelp_counterGap:
    'Son compteur dépasse le dernier de plus de 16 383. L’appareil doit s’activer à nouveau.',
  drop_repeatedCounter: 'compteur déjà utilisé',
  dropHelp_repeatedCounter:
    'Un rejeu, ou un appareil qui recommence son compteur sans activation. Laissez-le s’activer à nouveau.',
  drop_disabled: 'interface désactivée',
  dropHelp_disabled: 'Activez l’interface LoRa de l’appareil.',
  drop_unknownProfile: 'profil inconnu',
  dropHelp_unknownProfile: 'Choisissez un profil connu dans la définition de l’interface.',
  drop_otherRegion: 'autre région',
  dropHelp_otherRegion:
    'Le canal n’est pas de la région du profil de l’appareil, ou de celle de la passerelle. Choisissez la bonne région.',
  drop_notStored: 'non stockée',
  dropHelp_notStored:
    'Le stockage n’a pas pris le message. Voyez la place sur le disque ; un appareil qui attend un acquittement la renvoie.',
  drop_notSent: 'non émise',
  dropHelp_notSent:
    'Aucune passerelle ne l’a émise. Les voies essayées sont plus bas, chacune avec ce qui l’en a empêchée.',
};

export const dropText = { en, fr };
