import { Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';
import { signInWithKey } from '../session/open-session.ts';
import { useSession } from '../session/session-store.ts';
import { ActionError } from '../ui/view-states.tsx';
import { logo as Logo } from './views.ts';

/** Where one is without a session: says where the link is, and takes a key. */
export function SignInPage() {
  const t = useText('shell');
  const reason = useSession((state) => state.reason);
  const [key, setKey] = useState('');
  const signIn = useMutation({ mutationFn: () => signInWithKey(key.trim()) });
  return (
    <main className="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        <h1>
          <Logo size={24} aria-hidden /> Fleetbench
        </h1>
        {reason && (
          <div className="action-error" role="alert">
            <div>
              <strong>{t('signedOut')}</strong>
              <p>
                {reason.message} {reason.details}
              </p>
            </div>
          </div>
        )}
        <p>{t('signInHow')}</p>
        <PasswordInput
          size="sm"
          label={t('signInWith')}
          description={t('signInKeyHint')}
          autoComplete="off"
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          data-autofocus
        />
        <ActionError error={signIn.error} />
        <Button type="submit" size="sm" mt="md" loading={signIn.isPending} disabled={key.trim() === ''}>
          {t('signIn')}
        </Button>
      </form>
    </main>
  );
}
