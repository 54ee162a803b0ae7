const en = {
  title: 'External connectors',
  nodes: 'Devices behind them',
  empty: 'No external connector is connected',
  emptyText:
    'A backend that speaks for devices of its own connects here once, and names the device in each message.',
  clientId: 'Client id',
  address: 'Address',
  plain: 'without TLS',
  since: 'Connected',
  takes: 'Takes',
  takes_command: 'commands',
  takes_configuration: 'configuration',
  takes_resource: 'resources',
  takesNothing: 'no requests',
  online: 'Nodes online',
  onlineOf: '{{online}} of {{nodes}}',
  unacknowledged: 'Unacknowledged',
  how: 'Connect one',
  howKey: 'It needs an API key with the role CONNECTOR_ACCESS, and any client id.',
  howTls: 'With TLS, the certificate to trust is at /bench/v1/ca.pem.',
  howPlainHere: 'From this machine it may connect without TLS (setting connectorPlainOnLoopback).',
  howPlain:
    'It must use TLS, and this platform does not listen with it: start with --mqtts-port, or let this machine in with --set connectorPlainOnLoopback=true.',
  lineSubscribe: 'Line that listens for commands',
  linePublish: 'Line that tells of a node',
};

const fr: typeof en = {
  title: 'Connecteurs externes',
  nodes: 'Les appareils derrière eux',
  empty: 'Aucun connecteur externe n’est connecté',
  emptyText:
    'Un système qui parle pour ses propres appareils se connecte ici une fois, et nomme l’appareil dans chaque message.',
  clientId: 'Identifiant client',
  address: 'Adresse',
  plain: 'sans TLS',
  since: 'Connecté',
  takes: 'Prend',
  takes_command: 'commandes',
  takes_configuration: 'configuration',
  takes_resource: 'ressources',
  takesNothing: 'aucune demande',
  online: 'Nœuds en ligne',
  onlineOf: '{{online}} sur {{nodes}}',
  unacknowledged: 'Non acquittés',
  how: 'En connecter un',
  howKey: 'Il lui faut une clé d’API avec le rôle CONNECTOR_ACCESS, et un identifiant client quelconque.',
  howTls: 'En TLS, le certificat à accepter est à /bench/v1/ca.pem.',
  howPlainHere: 'Depuis cette machine, il peut se connecter sans TLS (réglage connectorPlainOnLoopback).',
  howPlain:
    'Il doit utiliser TLS, et cette plateforme ne l’écoute pas : démarrez avec --mqtts-port, ou laissez entrer cette machine avec --set connectorPlainOnLoopback=true.',
  lineSubscribe: 'Ligne qui écoute les commandes',
  linePublish: 'Ligne qui annonce un nœud',
};

export const connectorsText = { en, fr };
