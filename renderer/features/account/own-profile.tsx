import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { UserJson } from '../../../core/contract/users.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { MomentText } from '../../ui/moment-text.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { toUpdateRequest, toUserForm, type UserForm, userProblems } from '../users/user-form.ts';
import { updateUser } from '../users/users-api.ts';

/** One's own name, address and language. The API lets only who may change users change these. */
export function OwnProfile({ user }: { user: UserJson }) {
  const t = useText('account');
  const users = useText('users');
  const common = useText('common');
  const queries = useQueryClient();
  const lack = useLack('USER_W');
  const [form, setForm] = useState(() => toUserForm(user));
  const request = toUpdateRequest(form, user);
  const problems = userProblems(form, user, common('needed'));
  const save = useMutation({
    mutationFn: () => updateUser(user.id, request),
    onSuccess: () =>
      Promise.all(['users', 'identity'].map((area) => queries.invalidateQueries({ queryKey: [area] }))),
  });
  const field = (name: 'login' | 'email' | 'language') => (
    <TextInput
      label={users(name)}
      value={form[name]}
      readOnly={lack !== undefined}
      error={form[name] !== '' && problems.has(name) && users(`fault_${name}`)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setForm((before: UserForm) => ({ ...before, [name]: text }));
      }}
    />
  );
  const idle = Object.keys(request).length === 0 || problems.size > 0;
  return (
    <section>
      <h2>{t('profile')}</h2>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (lack === undefined && !idle) save.mutate();
        }}
      >
        {field('login')}
        {field('email')}
        {field('language')}
        <p className="dimmed">
          {users('lastLogin')} <MomentText ms={user.lastLogin} form="relative" none={common('never')} />
        </p>
        <ActionError error={save.error} />
        <div className="buttons">
          <ReasonButton
            type="submit"
            why={lack}
            loading={save.isPending}
            disabled={lack === undefined && idle}
          >
            {common('save')}
          </ReasonButton>
          {save.isSuccess && idle && <span role="status">{t('saved')}</span>}
        </div>
      </form>
    </section>
  );
}
