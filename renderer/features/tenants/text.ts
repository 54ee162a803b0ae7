const en = {
  title: 'Tenants',
  intro: 'Each tenant has devices, data, keys and users of its own, and sees nothing of the others.',
  newTenant: 'New tenant',
  name: 'Name',
  nameHint: 'Letters, digits, spaces and . _ -',
  nameBad: 'Must have 1 to 100 letters, digits, spaces and . _ -, and begin and end with a letter or digit',
  nameTaken: 'There is a tenant of this name',
  newText: 'It gets a master key and a first user, an administrator. Both are shown once.',
  id: 'Id',
  created: 'Created',
  here: 'you are here',
  switch: 'Switch to it',
  switchTo: 'Switch to {{name}}',
  masterKey: 'Master key',
  admin: 'Password of {{login}}',
  madeNote: '{{login}} is its first user, and signs in to this portal with that name.',
};

const fr: typeof en = {
  title: 'Comptes',
  intro: 'Chaque compte a ses appareils, données, clés et utilisateurs, et ne voit rien des autres.',
  newTenant: 'Nouveau compte',
  name: 'Nom',
  nameHint: 'Lettres, chiffres, espaces et . _ -',
  nameBad:
    'Doit avoir 1 à 100 lettres, chiffres, espaces et . _ -, avec une lettre ou un chiffre aux deux bouts',
  nameTaken: 'Un compte porte déjà ce nom',
  newText:
    'Il reçoit une clé maîtresse et un premier utilisateur, administrateur. Les deux sont montrés une fois.',
  id: 'Id',
  created: 'Créé',
  here: 'vous y êtes',
  switch: 'Y aller',
  switchTo: 'Aller à {{name}}',
  masterKey: 'Clé maîtresse',
  admin: 'Mot de passe de {{login}}',
  madeNote: '{{login}} est son premier utilisateur, et se connecte à ce portail avec ce nom.',
};

export const tenantsText = { en, fr };
