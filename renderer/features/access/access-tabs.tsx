import { Link } from '@tanstack/react-router';
import type { Identity } from '../../../core/contract/identity.ts';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity } from '../../session/identity.ts';

export const accessParts = [
  { name: 'keys', path: '/access', isOpen: (me: Identity) => me.roles.includes('API_KEY_R') },
  { name: 'users', path: '/access/users', isOpen: (me: Identity) => me.roles.includes('USER_R') },
  {
    name: 'certificates',
    path: '/access/certificates',
    isOpen: (me: Identity) => me.roles.includes('API_KEY_R'),
  },
  { name: 'tenants', path: '/access/tenants', isOpen: (me: Identity) => me.operator },
] as const;

/** The parts of Access that are open to who is signed in. */
export function AccessTabs() {
  const t = useText('access');
  const { data: me } = useIdentity();
  const parts = accessParts.filter(({ isOpen }) => me && isOpen(me));
  return (
    <nav className="part-tabs" aria-label={t('parts')}>
      {parts.map(({ name, path }) => (
        <Link key={name} to={path} className="part-tab" activeOptions={{ exact: true, includeSearch: false }}>
          {t(`part_${name}`)}
        </Link>
      ))}
    </nav>
  );
}
