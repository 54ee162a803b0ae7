import { useQueryClient } from '@tanstack/react-query';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity } from '../../session/identity.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { keysBelow } from './key-tree.ts';
import { deleteKey } from './keys-api.ts';
import { OpenSessions } from './open-sessions.tsx';

const mostNamed = 8;
/** An address has room for this many ids. */
const mostAsked = 200;

interface DeleteKeyProps {
  readonly apiKey: ApiKeyJson;
  readonly keys: readonly ApiKeyJson[];
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks before a key goes, and says what goes with it. */
export function DeleteKey({ apiKey, keys, onClose, onDeleted }: DeleteKeyProps) {
  const t = useText('access');
  const queries = useQueryClient();
  const { data: me } = useIdentity();
  const below = keysBelow(keys, apiKey.id);
  const gone = [apiKey, ...below].map(({ id }) => id);
  const names = below.slice(0, mostNamed).map(({ label }) => label);
  return (
    <ConfirmDelete
      title={t('deleteTitle', { label: apiKey.label })}
      onClose={onClose}
      onConfirm={async () => {
        await deleteKey(apiKey.id);
        onDeleted();
        await queries.invalidateQueries({ queryKey: ['keys'] });
      }}
    >
      <p>{t('deleteText')}</p>
      {me && gone.includes(me.keyId) && <p className="status-bad">{t('deleteOwn')}</p>}
      {below.length > 0 && (
        <p>
          {t('deleteBelow', { count: below.length })} <strong>{names.join(', ')}</strong>
          {below.length > mostNamed && ' …'}
        </p>
      )}
      <OpenSessions
        title={t('sessionsEnd')}
        filter={{ apiKeyIds: gone.slice(0, mostAsked).join(',') }}
        none={t('sessionsEndNone')}
      />
    </ConfirmDelete>
  );
}
