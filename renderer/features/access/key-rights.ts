import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import type { Identity } from '../../../core/contract/identity.ts';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity, useLack } from '../../session/identity.ts';

/** In what a key goes beyond what who is signed in may do; such a key is not his to change. */
export function beyondMe(key: ApiKeyJson, me: Identity): string[] {
  if (key.id === me.keyId) return [];
  const roles = key.roles.filter((role) => !me.roles.includes(role));
  const { fifos } = me;
  if (!fifos) return roles;
  return [
    ...roles,
    ...key.scope.fifos.filter((name) => !fifos.includes(name)),
    ...(key.scope.fifos.length ? [] : ['*']),
  ];
}

/** Why who is signed in may not change this key; undefined: he may. */
export function useKeyHold(key: ApiKeyJson): string | undefined {
  const t = useText('access');
  const lack = useLack('API_KEY_W');
  const { data: me } = useIdentity();
  if (lack !== undefined || !me) return lack;
  if (key.masterKey && key.id !== me.keyId) return t('whyMaster');
  const beyond = beyondMe(key, me);
  return beyond.length === 0 ? undefined : t('whyBeyond', { list: beyond.join(', ') });
}
