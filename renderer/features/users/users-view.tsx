import { IconPlus } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import type { UserJson } from '../../../core/contract/users.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity, useLack } from '../../session/identity.ts';
import { MomentText } from '../../ui/moment-text.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { AccessPage } from '../access/access-page.tsx';
import { SecretPanel } from '../access/secret-panel.tsx';
import { UserEditor } from './user-editor.tsx';
import { profileOf } from './user-form.ts';
import { UserPanel } from './user-panel.tsx';
import { UserStateMark } from './user-state.tsx';
import { useUsers } from './users-api.ts';

const rowKey = ({ id }: UserJson): string => id;

/** The people who sign in to this tenant. */
export default function UsersView() {
  return (
    <AccessPage part="users">
      <Users />
    </AccessPage>
  );
}

function Users() {
  const t = useText('users');
  const language = usePreferences((state) => state.language);
  const lack = useLack('USER_W');
  const query = useUsers();
  const { data: me } = useIdentity();
  const [url, setUrl] = useUrlState();
  // A password that was made is nowhere but here, and gone when the panel closes.
  const [made, setMade] = useState<UserJson>();
  const opened = query.data?.find(({ id }) => id === url.user);
  const columns = useColumns(
    me?.user?.id,
    opened !== undefined || url.create === 'yes' || made !== undefined,
  );
  const go = (to: { user?: string; create?: string; edit?: string }) => {
    setMade(undefined);
    setUrl({ user: to.user, create: to.create, edit: to.edit });
  };
  const close = () => go({});
  const create = (
    <ReasonButton
      why={lack}
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => go({ create: 'yes' })}
    >
      {t('newUser')}
    </ReasonButton>
  );
  return (
    <>
      <ViewHeader title={t('title')} note={query.data && count(query.data.length, language)}>
        {query.data?.length !== 0 && create}
      </ViewHeader>
      <div className="list-and-panel">
        <QueryView query={query}>
          {(users) =>
            users.length === 0 ? (
              <EmptyState title={t('empty')} action={create}>
                {t('emptyText')}
              </EmptyState>
            ) : (
              <VirtualTable
                label={t('title')}
                rows={users}
                columns={columns}
                rowKey={rowKey}
                selected={opened?.id}
                onOpen={({ id }) => go({ user: id })}
              />
            )
          }
        </QueryView>
        {made?.password !== undefined ? (
          <SecretPanel
            title={made.login}
            secrets={[{ name: t('madePassword'), value: made.password }]}
            note={t('madeNote')}
            onClose={close}
          />
        ) : url.create === 'yes' && me ? (
          <UserEditor
            onClose={close}
            onSaved={(user) => {
              if (user.password === undefined) return go({ user: user.id });
              close();
              setMade(user);
            }}
          />
        ) : opened && url.edit === 'yes' ? (
          <UserEditor
            key={opened.id}
            user={opened}
            onClose={() => go({ user: opened.id })}
            onSaved={({ id }) => go({ user: id })}
          />
        ) : (
          opened && (
            <UserPanel
              key={opened.id}
              user={opened}
              onClose={close}
              onEdit={() => go({ user: opened.id, edit: 'yes' })}
            />
          )
        )}
      </div>
    </>
  );
}

function useColumns(myId: string | undefined, narrow: boolean): Column<UserJson>[] {
  const t = useText('users');
  const common = useText('common');
  return useMemo(() => {
    const columns: Column<UserJson>[] = [
      {
        id: 'login',
        header: t('login'),
        width: 'minmax(140px, 1fr)',
        cell: ({ id, login }) => (
          <>
            <strong className="ellipsis" title={login}>
              {login}
            </strong>
            {id === myId && <span className="dimmed">{t('you')}</span>}
          </>
        ),
      },
      { id: 'state', header: t('state'), width: '130px', cell: (user) => <UserStateMark user={user} /> },
      {
        id: 'profile',
        header: t('profile'),
        width: '150px',
        cell: ({ roles }) => t(`profile_${profileOf(roles)}`),
      },
      {
        id: 'email',
        header: t('email'),
        width: 'minmax(140px, 1.2fr)',
        cell: ({ email = '' }) => (
          <span className="ellipsis" title={email}>
            {email}
          </span>
        ),
      },
      {
        id: 'lastLogin',
        header: t('lastLogin'),
        width: '220px',
        cell: ({ lastLogin }) => <MomentText ms={lastLogin} form="relative" none={common('never')} />,
      },
    ];
    return narrow ? columns.slice(0, 3) : columns;
  }, [t, common, myId, narrow]);
}
