const en = {
  signIn: 'Sign in',
  with: 'Sign in with',
  with_user: 'User',
  with_key: 'API key',
  name: 'User name or e-mail address',
  password: 'Password',
  firstUser: 'The first user is admin; its password was shown when the data folder was made.',
  key: 'API key',
  keyHint: '32 hexadecimal characters',
  link: 'Without either: open the link that the program printed in its terminal when it started. It signs in once.',
  ofWindow: 'Back into this window’s own session',
  reason_session: 'This page is no longer signed in',
  reason_sessionText:
    'The program was started again, or the session or its key was ended meanwhile. Open the new link that the program has printed in its terminal, or sign in here: the page goes on where it was.',
  reason_link: 'This link does not sign in',
  reason_linkText:
    'Each link signs in once, and as long as the program runs that has printed it. Start the program again for a new one, or sign in here.',
  wrong: 'The user name or the password is wrong',
  wrongOwn: 'The old password is wrong',
  wrongText: 'Mind capital letters. After several failures in a row the user is locked out for a while.',
  locked: 'This user is locked out after too many failed sign-ins',
  lockedUntil: 'The lock ends by itself:',
  lockedText: 'Wait until then, or ask an administrator to unlock the user (Access, Users).',
  disabled: 'This user may not sign in',
  disabledText: 'It was disabled or suspended. An administrator can enable it again (Access, Users).',
  busy: 'Too many sign-ins at this moment',
  busyText: 'Try again in a few seconds.',
};

const fr: typeof en = {
  signIn: 'Se connecter',
  with: 'Se connecter avec',
  with_user: 'Utilisateur',
  with_key: 'Clé d’API',
  name: 'Identifiant ou adresse e-mail',
  password: 'Mot de passe',
  firstUser:
    'Le premier utilisateur est admin ; son mot de passe a été affiché à la création du dossier de données.',
  key: 'Clé d’API',
  keyHint: '32 caractères hexadécimaux',
  link: 'Sans l’un ni l’autre : ouvrez le lien que le programme a affiché dans son terminal au démarrage. Il sert une fois.',
  ofWindow: 'Revenir à la session de cette fenêtre',
  reason_session: 'Cette page n’est plus connectée',
  reason_sessionText:
    'Le programme a redémarré, ou la session ou sa clé a pris fin entre-temps. Ouvrez le nouveau lien que le programme a affiché dans son terminal, ou connectez-vous ici : la page reprend où elle en était.',
  reason_link: 'Ce lien ne connecte pas',
  reason_linkText:
    'Chaque lien sert une fois, tant que tourne le programme qui l’a affiché. Redémarrez le programme pour en avoir un nouveau, ou connectez-vous ici.',
  wrong: 'L’identifiant ou le mot de passe est faux',
  wrongOwn: 'L’ancien mot de passe est faux',
  wrongText:
    'Attention aux majuscules. Après plusieurs échecs de suite, l’utilisateur est bloqué un certain temps.',
  locked: 'Cet utilisateur est bloqué après trop d’échecs de connexion',
  lockedUntil: 'Le blocage se termine de lui-même :',
  lockedText: 'Attendez, ou demandez à un administrateur de débloquer l’utilisateur (Accès, Utilisateurs).',
  disabled: 'Cet utilisateur ne peut pas se connecter',
  disabledText: 'Il a été désactivé ou suspendu. Un administrateur peut le réactiver (Accès, Utilisateurs).',
  busy: 'Trop de connexions en ce moment',
  busyText: 'Réessayez dans quelques secondes.',
};

export const loginText = { en, fr };
