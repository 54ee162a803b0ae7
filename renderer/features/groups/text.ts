const en = {
  title: 'Groups',
  root: 'All groups',
  noSuchGroup: 'No group of this path',
  ownDevices: 'In the group itself',
  allDevices: 'With all groups below it',
  count_one: '{{total}} device',
  count_other: '{{total}} devices',
  id: 'Id',
  path: 'Path',
  description: 'Description',
  created: 'Created',
  onlyRoot: 'There are no groups yet',
  onlyRootText:
    'All devices are in the root group. A group is made over the API, or by a simulated fleet that names one.',
  asCurl: 'Make a group below it, as curl',
};

const fr: typeof en = {
  title: 'Groupes',
  root: 'Tous les groupes',
  noSuchGroup: 'Aucun groupe de ce chemin',
  ownDevices: 'Dans le groupe même',
  allDevices: 'Avec tous ses sous-groupes',
  count_one: '{{total}} appareil',
  count_other: '{{total}} appareils',
  id: 'Id',
  path: 'Chemin',
  description: 'Description',
  created: 'Créé',
  onlyRoot: 'Il n’y a pas encore de groupe',
  onlyRootText:
    'Tous les appareils sont dans le groupe racine. Un groupe se crée par l’API, ou par une flotte simulée qui en nomme un.',
  asCurl: 'Créer un groupe dessous, avec curl',
};

export const groupsText = { en, fr };
