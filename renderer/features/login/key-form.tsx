import { Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { signInWithKey } from '../../session/open-session.ts';
import { useFocusBack } from '../../ui/use-focus-back.ts';
import { SignInError } from './sign-in-error.tsx';

export function KeyForm() {
  const t = useText('login');
  const [key, setKey] = useState('');
  const signIn = useMutation({ mutationFn: () => signInWithKey(key.trim()) });
  const button = useFocusBack(signIn.isPending);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <PasswordInput
        size="sm"
        label={t('key')}
        description={t('keyHint')}
        autoComplete="off"
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        autoFocus
      />
      <SignInError error={signIn.error} ofKey />
      <Button ref={button} type="submit" size="sm" loading={signIn.isPending} disabled={key.trim() === ''}>
        {t('signIn')}
      </Button>
    </form>
  );
}
