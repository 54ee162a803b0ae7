import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { jsonFault } from '../../ui/json-fault.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { fifosUrl, publishToFifo } from './routing-api.ts';

const example = '{\n  "hello": "world"\n}';

export function PublishForm({ name }: { name: string }) {
  const t = useText('routing');
  const queries = useQueryClient();
  const [body, setBody] = useState(example);
  const valid = jsonFault(body) === undefined;
  const publish = useMutation({
    mutationFn: () => publishToFifo(name, JSON.parse(body)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['fifos'] }),
  });
  return (
    <section>
      <h2>{t('publish')}</h2>
      <JsonEditor label={t('publishBody')} value={body} onChange={setBody} height={96} />
      <div className="buttons">
        <ReasonButton
          needs="BUS_W"
          disabled={!valid}
          loading={publish.isPending}
          onClick={() => publish.mutate()}
        >
          {t('publishDo')}
        </ReasonButton>
        <span role="status" className="dimmed">
          {publish.isSuccess && t('published')}
        </span>
      </div>
      <ActionError error={publish.error} />
      <AsCurl
        method="POST"
        path={`${fifosUrl}/${encodeURIComponent(name)}`}
        body={valid ? JSON.parse(body) : body}
      />
    </section>
  );
}
