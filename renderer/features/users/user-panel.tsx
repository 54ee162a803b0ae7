import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { UserJson } from '../../../core/contract/users.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity, useLack } from '../../session/identity.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { MomentText } from '../../ui/moment-text.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { useKeys } from '../access/keys-api.ts';
import { RoleList } from '../access/role-list.tsx';
import { SetPassword } from './set-password.tsx';
import { profileOf } from './user-form.ts';
import { UserStateMark } from './user-state.tsx';
import { deleteUser, updateUser } from './users-api.ts';

interface UserPanelProps {
  readonly user: UserJson;
  readonly onClose: () => void;
  readonly onEdit: () => void;
}

export function UserPanel({ user, onClose, onEdit }: UserPanelProps) {
  const t = useText('users');
  const common = useText('common');
  const queries = useQueryClient();
  const { data: me } = useIdentity();
  const lack = useLack('USER_W');
  const [asking, setAsking] = useState<'delete' | 'password'>();
  const beyond = user.roles.filter((role) => me && !me.roles.includes(role));
  const hold = lack ?? (beyond.length > 0 ? t('whyBeyond', { list: beyond.join(', ') }) : undefined);
  const isMe = user.id === me?.user?.id;
  const unlock = useMutation({
    mutationFn: () => updateUser(user.id, { locked: false }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['users'] }),
  });
  return (
    <SidePanel title={user.login} onClose={onClose}>
      <UserStateMark user={user} />
      {user.lockedUntil !== undefined && (
        <p>
          {t('lockedUntil')} <MomentText ms={user.lockedUntil} form="relative" />
        </p>
      )}
      <div className="buttons">
        {user.locked && (
          <ReasonButton why={hold} loading={unlock.isPending} onClick={() => unlock.mutate()}>
            {t('unlock')}
          </ReasonButton>
        )}
        <ReasonButton variant={user.locked ? 'default' : 'filled'} why={hold} onClick={onEdit}>
          {common('edit')}
        </ReasonButton>
        <ReasonButton
          variant="default"
          why={isMe ? t('whyOwnPassword') : hold}
          onClick={() => setAsking('password')}
        >
          {t('setPassword')}
        </ReasonButton>
        <ReasonButton variant="default" why={isMe ? t('whyOwn') : hold} onClick={() => setAsking('delete')}>
          {common('delete')}
        </ReasonButton>
      </div>
      <ActionError error={unlock.error} />
      {asking === 'password' && <SetPassword user={user} onClose={() => setAsking(undefined)} />}
      <UserFacts user={user} />
      {asking === 'delete' && (
        <ConfirmDelete
          title={t('deleteTitle', { login: user.login })}
          onClose={() => setAsking(undefined)}
          onConfirm={async () => {
            await deleteUser(user.id);
            onClose();
            await queries.invalidateQueries({ queryKey: ['users'] });
          }}
        >
          <p>{t('deleteText')}</p>
          <SessionCount user={user} />
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}

function UserFacts({ user }: { user: UserJson }) {
  const t = useText('users');
  const common = useText('common');
  const facts: Fact[] = [
    [t('id'), <IdText key="id" id={user.id} what={t('id')} />],
    [t('email'), user.email],
    [t('language'), user.language],
    [t('lastLogin'), <MomentText key="login" ms={user.lastLogin} form="relative" none={common('never')} />],
    [t('created'), <MomentText key="created" ms={user.creationTs} />],
    [t('changed'), <MomentText key="changed" ms={user.updateTs} />],
    [t('profile'), t(`profile_${profileOf(user.roles)}`)],
    [t('roles'), <RoleList key="roles" roles={user.roles} />],
  ];
  return <Facts facts={facts} />;
}

/** How many sessions of the user end; who may not read keys is told that they do. */
function SessionCount({ user }: { user: UserJson }) {
  const t = useText('users');
  const language = usePreferences((state) => state.language);
  const { data: me } = useIdentity();
  const keys = useKeys({ enabled: me?.roles.includes('API_KEY_R') === true });
  const number = keys.data?.filter(({ userId }) => userId === user.id).length;
  if (number === undefined) return <p>{t('sessionsEnd')}</p>;
  return <p>{t('sessionsEndCount', { count: number, number: count(number, language) })}</p>;
}
