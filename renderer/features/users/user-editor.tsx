import { Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { roles as allRoles } from '../../../core/contract/roles.ts';
import { type UserJson, type UserState, userStates } from '../../../core/contract/users.ts';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity } from '../../session/identity.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { RoleChoice } from '../access/role-choice.tsx';
import { NewPassword } from './password-fields.tsx';
import { useProfiles } from './use-profiles.ts';
import { toCreateRequest, toUpdateRequest, toUserForm, type UserForm, userProblems } from './user-form.ts';
import { createUser, updateUser, usersUrl, userUrl } from './users-api.ts';

interface UserEditorProps {
  /** The user to change; none: a new one. */
  readonly user?: UserJson | undefined;
  readonly onClose: () => void;
  readonly onSaved: (user: UserJson) => void;
}

/** Makes a user, or changes one. */
export function UserEditor({ user, onClose, onSaved }: UserEditorProps) {
  const t = useText('users');
  const common = useText('common');
  const queries = useQueryClient();
  const { data: me } = useIdentity();
  const mine = me?.roles ?? allRoles;
  const [form, setForm] = useState(() => toUserForm(user, mine));
  const change = (part: Partial<UserForm>) => setForm((before) => ({ ...before, ...part }));
  const problems = userProblems(form, user, common('needed'));
  const request = user && toUpdateRequest(form, user);
  const save = useMutation({
    mutationFn: () => (user && request ? updateUser(user.id, request) : createUser(toCreateRequest(form))),
    onSuccess: async (saved) => {
      onSaved(saved);
      await queries.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const isMe = user !== undefined && user.id === me?.user?.id;
  const endsSessions =
    request !== undefined &&
    (request.roles !== undefined || (request.state !== undefined && request.state !== 'enabled'));
  const fault = (name: 'login' | 'email' | 'language') =>
    form[name] !== '' && problems.has(name) && t(`fault_${name}`);
  const profiles = useProfiles();
  const nothing = request !== undefined && Object.keys(request).length === 0;
  return (
    <SidePanel title={user ? t('editUser', { login: user.login }) : t('newUser')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput
          label={t('login')}
          description={t('loginHint')}
          required
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={form.login}
          error={fault('login')}
          onChange={(event) => change({ login: event.currentTarget.value })}
        />
        <TextInput
          label={t('email')}
          description={t('emailHint')}
          autoComplete="off"
          value={form.email}
          error={fault('email')}
          onChange={(event) => change({ email: event.currentTarget.value })}
        />
        <TextInput
          label={t('language')}
          description={t('languageHint')}
          w={160}
          maxLength={2}
          value={form.language}
          error={fault('language')}
          onChange={(event) => change({ language: event.currentTarget.value.toLowerCase() })}
        />
        {isMe ? (
          <p className="dimmed">{t('ownRoles')}</p>
        ) : (
          <>
            {user && (
              <Select
                label={t('state')}
                description={t('stateHint')}
                w={200}
                allowDeselect={false}
                data={userStates.map((value) => ({ value, label: t(`state_${value}`) }))}
                value={form.state}
                onChange={(next) => change({ state: next as UserState })}
              />
            )}
            <RoleChoice
              value={form.roles}
              onChange={(roles) => change({ roles })}
              presets={profiles}
              allowed={mine}
            />
          </>
        )}
        {!user && (
          <NewPassword
            label={t('password')}
            description={t('passwordHint')}
            value={form.password}
            onChange={(password) => change({ password })}
          />
        )}
        {endsSessions && <p role="status">{t('endsSessions')}</p>}
        <ActionError error={save.error} />
        <FormButtons
          submit={user ? common('save') : common('create')}
          needs="USER_W"
          busy={save.isPending}
          disabled={nothing || problems.size > 0}
          onCancel={onClose}
        />
        {!nothing && problems.size === 0 && (
          <AsCurl
            method="POST"
            path={user ? userUrl(user.id) : usersUrl}
            body={
              request ?? { ...toCreateRequest(form), ...(form.password !== '' && { password: 'PASSWORD' }) }
            }
          />
        )}
      </form>
    </SidePanel>
  );
}
