import { profileRoles } from '../../../core/contract/roles.ts';
import { useText } from '../../i18n/use-text.ts';

/** The profiles of the manual (4.4), as choices of roles. */
export function useProfiles() {
  const t = useText('users');
  return {
    ADMIN: { label: t('profile_ADMIN'), text: t('profile_ADMINText'), roles: profileRoles.ADMIN },
    USER: { label: t('profile_USER'), text: t('profile_USERText'), roles: profileRoles.USER },
  };
}
