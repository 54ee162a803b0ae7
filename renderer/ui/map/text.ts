const en = {
  keys: 'Arrow keys move the map, plus and minus zoom.',
  keysPick: 'Arrow keys move the map, plus and minus zoom, Enter picks the place in the middle.',
  closer: 'Closer',
  farther: 'Farther',
  start: 'Show everything again',
  places: 'Map: {{places}}',
  noPlace: 'Map without a place yet',
  pickHint: 'Click on the map to pick the place.',
};

const fr: typeof en = {
  keys: 'Les flèches déplacent la carte, plus et moins changent l’échelle.',
  keysPick:
    'Les flèches déplacent la carte, plus et moins changent l’échelle, Entrée choisit le lieu au milieu.',
  closer: 'Plus près',
  farther: 'Plus loin',
  start: 'Tout montrer à nouveau',
  places: 'Carte : {{places}}',
  noPlace: 'Carte sans lieu pour l’instant',
  pickHint: 'Cliquez sur la carte pour choisir le lieu.',
};

export const mapText = { en, fr };
