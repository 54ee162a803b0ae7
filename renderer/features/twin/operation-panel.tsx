import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { checkDraft, emptyDraft, type OperationDraft } from './operation-draft.ts';
import { OperationFields } from './operation-fields.tsx';
import { operationsUrl, twinKeys, useAskTwin } from './twin-api.ts';
import type { TwinObject } from './twin-model.ts';

interface OperationPanelProps {
  readonly deviceId: string;
  readonly objects: readonly TwinObject[];
  /** What the form begins with. */
  readonly draft: Partial<OperationDraft>;
  readonly onClose: () => void;
  readonly onAsked: (id: string) => void;
}

/** Asks the device for anything that it can be asked for. */
export function OperationPanel({ deviceId, objects, draft: begin, onClose, onAsked }: OperationPanelProps) {
  const t = useText('twin');
  const common = useText('common');
  const queries = useQueryClient();
  const [draft, setDraft] = useState<OperationDraft>({ ...emptyDraft, ...begin });
  const [tried, setTried] = useState(false);
  const ask = useAskTwin(deviceId, onAsked);
  const checked = checkDraft(draft, objects, common('needed'));
  const { request, problems, valueProblems } = checked;
  const [path] = draft.paths;
  const title =
    begin.type && path !== undefined ? t('newOperationOf', { type: draft.type, path }) : t('newOperation');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (problems.size > 0 || valueProblems.size > 0) return;
    ask.mutate(request, {
      onSuccess: () => queries.invalidateQueries({ queryKey: twinKeys.operations(deviceId) }),
    });
  };
  return (
    <SidePanel title={title} onClose={onClose} wide>
      <form className="stack" onSubmit={submit} aria-label={title}>
        <OperationFields
          draft={draft}
          objects={objects}
          checked={tried ? checked : undefined}
          onChange={(change) => {
            ask.reset();
            setDraft((before) => ({ ...before, ...change }));
          }}
        />
        <ActionError error={ask.error} />
        <FormButtons submit={t('send')} needs="DEVICE_W" busy={ask.isPending} onCancel={onClose} />
      </form>
      <AsCurl method="POST" path={operationsUrl(deviceId, request)} body={request} />
    </SidePanel>
  );
}
