import type { Role } from '../../../core/contract/roles.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';

/** Why no key with this role can be made by who is signed in; undefined when one can. A key gives on what it has. */
export function useKeyLack(role: Role): string | undefined {
  const t = useText('access');
  const missing = [
    useLack('API_KEY_W') !== undefined && 'API_KEY_W',
    useLack(role) !== undefined && role,
  ].filter((name) => name !== false);
  return missing.length === 0 ? undefined : t('keyLack', { roles: missing.join(', '), role });
}
