import type { Identity } from '../../../core/contract/identity.ts';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity } from '../../session/identity.ts';
import { endSession } from '../../session/open-session.ts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ViewHeader } from '../../ui/view-header.tsx';
import { RoleList } from '../access/role-list.tsx';
import { useMe } from '../users/users-api.ts';
import { OwnPassword } from './own-password.tsx';
import { OwnProfile } from './own-profile.tsx';

/** Who is signed in, with which roles, and what one may change of oneself. */
export default function AccountView() {
  const t = useText('account');
  const query = useIdentity();
  return (
    <div className="page account">
      <ViewHeader title={t('title')}>
        <ReasonButton variant="default" why={undefined} onClick={() => endSession(query.data?.kind)}>
          {t('signOut')}
        </ReasonButton>
      </ViewHeader>
      <QueryView query={query} rows={5}>
        {(me) => (
          <div className="two-columns">
            <section>
              <h2>{t('whoAmI')}</h2>
              <WhoAmI me={me} />
            </section>
            {me.kind === 'user' ? (
              <OwnUser />
            ) : (
              <section>
                <h2>{t('noUser')}</h2>
                <p className="dimmed">{t(`noUser_${me.kind}`)}</p>
              </section>
            )}
          </div>
        )}
      </QueryView>
    </div>
  );
}

function WhoAmI({ me }: { me: Identity }) {
  const t = useText('account');
  const facts: Fact[] = [
    [t('name'), me.user?.login ?? t(`kind_${me.kind}`)],
    [t('tenant'), me.tenantName],
    [t('tenantId'), <IdText key="tenant" id={me.tenantId} what={t('tenantId')} />],
    [t('instance'), me.operator ? t('operator') : undefined],
    [t('fifos'), me.fifos?.join(', ')],
    [t('roles'), <RoleList key="roles" roles={me.roles} />],
  ];
  return <Facts facts={facts} />;
}

function OwnUser() {
  const query = useMe(true);
  return (
    <QueryView query={query} rows={5}>
      {(user) => (
        <div className="stack">
          <OwnProfile key={user.updateTs} user={user} />
          <OwnPassword user={user} />
        </div>
      )}
    </QueryView>
  );
}
