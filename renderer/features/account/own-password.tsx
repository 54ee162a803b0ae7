import { Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { changePasswordRequest, type UserJson } from '../../../core/contract/users.ts';
import { useText } from '../../i18n/use-text.ts';
import { SignInError } from '../login/sign-in-error.tsx';
import { NewPassword } from '../users/password-fields.tsx';
import { changePassword } from '../users/users-api.ts';

const empty = { oldPassword: '', newPassword: '', again: '' };

/** Changes one's own password; all other sessions of the user end. */
export function OwnPassword({ user }: { user: UserJson }) {
  const t = useText('account');
  const [form, setForm] = useState(empty);
  const change = (part: Partial<typeof empty>) => setForm((before) => ({ ...before, ...part }));
  const { oldPassword, newPassword, again } = form;
  const request = { oldPassword, newPassword };
  const differs = again !== '' && again !== newPassword;
  const ready =
    oldPassword !== '' && again === newPassword && changePasswordRequest.safeParse(request).success;
  const save = useMutation({
    mutationFn: () => changePassword(user.id, request),
    onSuccess: () => setForm(empty),
  });
  return (
    <section>
      <h2>{t('password')}</h2>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {/* Lets a password manager know whose password this is. */}
        <input type="hidden" autoComplete="username" value={user.login} readOnly />
        <PasswordInput
          label={t('oldPassword')}
          autoComplete="current-password"
          value={oldPassword}
          onChange={(event) => change({ oldPassword: event.currentTarget.value })}
        />
        <NewPassword
          label={t('newPassword')}
          value={newPassword}
          onChange={(next) => change({ newPassword: next })}
        />
        <PasswordInput
          label={t('again')}
          autoComplete="new-password"
          value={again}
          error={differs && t('againBad')}
          onChange={(event) => change({ again: event.currentTarget.value })}
        />
        <p className="dimmed">{t('passwordText')}</p>
        <SignInError error={save.error} own />
        <div className="buttons">
          <Button type="submit" loading={save.isPending} disabled={!ready}>
            {t('changePassword')}
          </Button>
          {save.isSuccess && <span role="status">{t('passwordChanged')}</span>}
        </div>
      </form>
    </section>
  );
}
