import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import { useText } from '../../i18n/use-text.ts';
import { useIdentity, useLack } from '../../session/identity.ts';
import { useSession } from '../../session/session-store.ts';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { DebugMode } from './debug-mode.tsx';
import { DeleteKey } from './delete-key.tsx';
import { KeyFacts } from './key-facts.tsx';
import { useKeyHold } from './key-rights.ts';
import { KeyState } from './key-state.tsx';
import type { PlacedKey } from './key-tree.ts';
import { updateKey } from './keys-api.ts';
import { OpenSessions } from './open-sessions.tsx';

interface KeyPanelProps {
  readonly placed: PlacedKey;
  readonly keys: readonly ApiKeyJson[];
  readonly onClose: () => void;
  readonly onSecret: (key: ApiKeyJson) => void;
  readonly onEdit: () => void;
  readonly onAddBelow: () => void;
}

export function KeyPanel(props: KeyPanelProps) {
  const { placed, keys, onClose } = props;
  const { key } = placed;
  const t = useText('access');
  const common = useText('common');
  const queries = useQueryClient();
  const [asking, setAsking] = useState<'delete' | 'regenerate'>();
  const hold = useKeyHold(key);
  const lack = useLack('API_KEY_W');
  const whole = key.masterKey ? t('whyWhole') : undefined;
  const toggle = useMutation({
    mutationFn: () => updateKey(key.id, { active: !key.active }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
  return (
    <SidePanel title={key.label} onClose={onClose}>
      <KeyState placed={placed} />
      {key.masterKey && <p className="dimmed">{t('masterNote')}</p>}
      <div className="buttons">
        <ReasonButton why={hold} onClick={props.onEdit}>
          {common('edit')}
        </ReasonButton>
        <ReasonButton
          variant="default"
          why={whole ?? hold}
          loading={toggle.isPending}
          onClick={() => toggle.mutate()}
        >
          {key.active ? t('disable') : t('enable')}
        </ReasonButton>
        <ReasonButton variant="default" why={hold} onClick={() => setAsking('regenerate')}>
          {t('regenerate')}
        </ReasonButton>
        {key.userId === undefined && (
          <ReasonButton variant="default" why={lack} onClick={props.onAddBelow}>
            {t('addBelow')}
          </ReasonButton>
        )}
        <ReasonButton variant="default" why={whole ?? hold} onClick={() => setAsking('delete')}>
          {common('delete')}
        </ReasonButton>
      </div>
      <ActionError error={toggle.error} />
      <KeyFacts apiKey={key} keys={keys} />
      <OpenSessions title={t('sessions')} filter={{ apiKeyIds: key.id }} none={t('sessionsNone')} />
      <DebugMode apiKey={key} why={hold} />
      {asking === 'delete' && (
        <DeleteKey apiKey={key} keys={keys} onClose={() => setAsking(undefined)} onDeleted={onClose} />
      )}
      {asking === 'regenerate' && (
        <Regenerate apiKey={key} onClose={() => setAsking(undefined)} onSecret={props.onSecret} />
      )}
    </SidePanel>
  );
}

/** Gives a key a new value. Of one's own key the new value goes on with this session, or it would be lost. */
function Regenerate(props: { apiKey: ApiKeyJson; onClose: () => void; onSecret: (key: ApiKeyJson) => void }) {
  const { apiKey } = props;
  const t = useText('access');
  const queries = useQueryClient();
  const { data: me } = useIdentity();
  const renew = useSession((state) => state.renew);
  const isOwn = me?.keyId === apiKey.id;
  const run = async (): Promise<string | undefined> => {
    const renewed = await updateKey(apiKey.id, { regenerateValue: true });
    props.onSecret(renewed);
    return renewed.value;
  };
  return (
    <ConfirmDelete
      title={t('regenerateTitle', { label: apiKey.label })}
      confirm={t('regenerateDo')}
      onClose={props.onClose}
      onConfirm={async () => {
        if (isOwn) await renew(run);
        else await run();
        await queries.invalidateQueries({ queryKey: ['keys'] });
      }}
    >
      <p>{t('regenerateText')}</p>
      {isOwn && <p>{t('regenerateOwn')}</p>}
      <OpenSessions title={t('sessionsEnd')} filter={{ apiKeyIds: apiKey.id }} none={t('sessionsEndNone')} />
    </ConfirmDelete>
  );
}
