const en = {
  add: 'Add interface',
  edit: 'Edit interface',
  connector: 'Connector',
  enabled: 'Enabled',
  none: 'It has no interface',
  noneText:
    'An interface is the way by which the device reaches the platform: its connector and its id there.',
  definition: 'Definition',
  secretsNote: 'Never shown: {{names}}.',
  activity: 'Session',
  noActivity: 'Nothing was heard over it yet.',
  secretHint: 'Cannot be read again once it is saved.',
  secretKept: 'Not shown. Empty: it stays as it is.',
  tooLong: 'The definition must have at most {{most}} characters.',
  newNode:
    'Another {{field}} is another node: a live session ends, and the device must connect with the new one.',
  disable: 'Disable',
  enable: 'Enable',
  disableTitle: 'Disable {{id}}?',
  disableLive:
    'The device is connected: its session ends at once. It is refused until the interface is enabled again.',
  disableText:
    'The device is refused over this interface until it is enabled again. A live session ends at once.',
  deleteTitle: 'Delete {{id}}?',
  deleteLive:
    'The device is connected: its session ends at once. The definition and what was noted of its sessions are lost; messages stay.',
  deleteText: 'The definition and what was noted of its sessions are lost; messages stay.',
  moveOpen: 'Move',
  move: 'Move interface',
  moveText:
    '{{id}} goes to another device. A live session goes on; what it sends from then on has the id, stream, tags and group of that device.',
  moveTo: 'To device',
  moveDo: 'Move',
  moved: '{{id}} now belongs to',
  debug: 'Debug mode',
  debugText: 'While it is on, what goes over this interface is written to the audit log.',
  debugFor: 'For how long',
  debugOn: 'Switch on',
  debugOff: 'Switch off',
  debugUntil: 'on until',
  debugLog: 'See what it wrote',
};

const fr: typeof en = {
  add: 'Ajouter une interface',
  edit: 'Modifier l’interface',
  connector: 'Connecteur',
  enabled: 'Active',
  none: 'Il n’a pas d’interface',
  noneText:
    'Une interface est la voie par laquelle l’appareil atteint la plateforme : son connecteur et son id.',
  definition: 'Définition',
  secretsNote: 'Jamais montré : {{names}}.',
  activity: 'Session',
  noActivity: 'Rien n’y est encore passé.',
  secretHint: 'Ne pourra plus être lu une fois enregistré.',
  secretKept: 'Non montré. Vide : il reste tel quel.',
  tooLong: 'La définition doit avoir au plus {{most}} caractères.',
  newNode:
    'Un autre {{field}} est un autre nœud : une session en cours se termine, et l’appareil doit se connecter avec le nouveau.',
  disable: 'Désactiver',
  enable: 'Activer',
  disableTitle: 'Désactiver {{id}} ?',
  disableLive:
    'L’appareil est connecté : sa session se termine aussitôt. Il est refusé jusqu’à la réactivation de l’interface.',
  disableText:
    'L’appareil est refusé sur cette interface jusqu’à sa réactivation. Une session en cours se termine aussitôt.',
  deleteTitle: 'Supprimer {{id}} ?',
  deleteLive:
    'L’appareil est connecté : sa session se termine aussitôt. La définition et l’historique de session sont perdus ; les messages restent.',
  deleteText: 'La définition et l’historique de session sont perdus ; les messages restent.',
  moveOpen: 'Déplacer',
  move: 'Déplacer l’interface',
  moveText:
    '{{id}} passe à un autre appareil. Une session en cours continue ; ce qu’elle envoie porte dès lors l’id, le flux, les étiquettes et le groupe de cet appareil.',
  moveTo: 'Vers l’appareil',
  moveDo: 'Déplacer',
  moved: '{{id}} appartient maintenant à',
  debug: 'Mode de mise au point',
  debugText: 'Tant qu’il est actif, ce qui passe par cette interface est écrit dans le journal d’audit.',
  debugFor: 'Pour combien de temps',
  debugOn: 'Activer',
  debugOff: 'Arrêter',
  debugUntil: 'actif jusqu’à',
  debugLog: 'Voir ce qu’il a écrit',
};

export const interfacesText = { en, fr };
