import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { newPassword, type UserJson } from '../../../core/contract/users.ts';
import { useText } from '../../i18n/use-text.ts';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { NewPassword } from './password-fields.tsx';
import { changePassword } from './users-api.ts';

/** Sets the password of somebody else. */
export function SetPassword({ user, onClose }: { user: UserJson; onClose: () => void }) {
  const t = useText('users');
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const set = useMutation({
    mutationFn: () => changePassword(user.id, { newPassword: password }),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  return (
    <form
      className="stack inset"
      onSubmit={(event) => {
        event.preventDefault();
        set.mutate();
      }}
    >
      <NewPassword
        label={t('newPassword', { login: user.login })}
        description={t('setPasswordText')}
        value={password}
        onChange={setPassword}
      />
      <ActionError error={set.error} />
      <FormButtons
        submit={t('setPassword')}
        needs="USER_W"
        busy={set.isPending}
        disabled={!newPassword.safeParse(password).success}
        onCancel={onClose}
      />
    </form>
  );
}
