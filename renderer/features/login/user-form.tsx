import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { signInAsUser } from '../../session/open-session.ts';
import { SignInError } from './sign-in-error.tsx';

export function UserForm() {
  const t = useText('login');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const passwordField = useRef<HTMLInputElement>(null);
  const signIn = useMutation({
    mutationFn: () => signInAsUser(name.trim(), password),
    // The next try begins where the fault most likely is.
    onError: () => passwordField.current?.select(),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!signIn.isPending) signIn.mutate();
      }}
    >
      <TextInput
        size="sm"
        label={t('name')}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        autoFocus
      />
      <PasswordInput
        size="sm"
        ref={passwordField}
        label={t('password')}
        description={t('firstUser')}
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <SignInError error={signIn.error} />
      <Button
        type="submit"
        size="sm"
        loading={signIn.isPending}
        disabled={name.trim() === '' || password === ''}
      >
        {t('signIn')}
      </Button>
    </form>
  );
}
