import { TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { fifoName } from '../../../core/contract/routing.ts';
import { useText } from '../../i18n/use-text.ts';
import { problemsOf } from '../../ui/form-problems.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { fifoHref } from './policy-sentence.tsx';
import { declareFifo } from './routing-api.ts';

export function DeclareFifo() {
  const t = useText('routing');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const problem = problemsOf(fifoName, name, '').get('');
  const declare = useMutation({
    mutationFn: () => declareFifo({ name, maxLengthBytes: -1, messageTtl: -1 }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['fifos'] });
      await navigate({ to: fifoHref(name) });
    },
  });
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === undefined) declare.mutate();
      }}
    >
      <TextInput
        aria-label={t('declare')}
        placeholder={t('name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={name !== '' && problem}
      />
      <ReasonButton
        needs="BUS_CONFIG_W"
        type="submit"
        variant="default"
        disabled={problem !== undefined}
        loading={declare.isPending}
      >
        {t('declare')}
      </ReasonButton>
      <ActionError error={declare.error} />
    </form>
  );
}
