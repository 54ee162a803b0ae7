import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';

/** Why no key for a device can be made here; undefined when one can. */
export function useKeyLack(): string | undefined {
  const t = useText('publish');
  const missing = {
    API_KEY_W: useLack('API_KEY_W') !== undefined,
    DEVICE_ACCESS: useLack('DEVICE_ACCESS') !== undefined,
  };
  const roles = Object.entries(missing).flatMap(([role, lacks]) => (lacks ? [role] : []));
  return roles.length === 0 ? undefined : t('keyMissing', { roles: roles.join(', ') });
}
