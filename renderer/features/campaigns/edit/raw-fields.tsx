import { Select } from '@mantine/core';
import { useText } from '../../../i18n/use-text.ts';
import type { Problems } from '../../../ui/form-problems.ts';
import { JsonEditor } from '../../../ui/json-editor.tsx';
import { jsonFault } from '../../../ui/json-fault.ts';
import { isUntouched, type RawDraft } from './campaign-form.ts';
import type { CommandTemplate } from './command-templates.ts';
import { ResourceChoice } from './resource-choice.tsx';

interface RawFieldsProps {
  readonly draft: RawDraft;
  /** Path of the definition in the body. */
  readonly at: string;
  readonly problems: Problems;
  readonly tried: boolean;
  readonly templates: readonly CommandTemplate[];
  readonly onChange: (draft: RawDraft) => void;
}

/** An operation as the API takes it, with choices that fill it in. */
export function RawFields({ draft, at, problems, tried, templates, onChange }: RawFieldsProps) {
  const t = useText('campaignForm');
  const isCommand = draft.action === 'command';
  // The editor says itself when the text is no JSON.
  const shown = jsonFault(draft.text) === undefined && (tried || !isUntouched(draft));
  const found = [...problems].filter(([path]) => path === at || path.startsWith(`${at}.`));
  return (
    <>
      {isCommand && templates.length > 0 && (
        <Templates templates={templates} onChoose={(text) => onChange({ ...draft, text })} />
      )}
      {!isCommand && <ResourceChoice draft={draft} onChange={onChange} />}
      {draft.version === 0 && <p className="dimmed">{t('oldCommand')}</p>}
      <JsonEditor
        label={t('definition')}
        value={draft.text}
        onChange={(text) => onChange({ ...draft, text })}
        height={isCommand ? 150 : 80}
      />
      {shown &&
        found
          .filter(([path]) => path !== `${at}.maxRetry`)
          .map(([path, problem]) => (
            <p key={path} className="field-error" role="status">
              <span className="mono">{path.slice(at.length + 1)}</span> {problem}
            </p>
          ))}
    </>
  );
}

function Templates(props: { templates: readonly CommandTemplate[]; onChoose: (text: string) => void }) {
  const t = useText('campaignForm');
  return (
    <Select
      label={t('template')}
      placeholder={t('templateHint')}
      data={props.templates.map(({ label }, index) => ({ value: String(index), label }))}
      value={null}
      onChange={(index) => {
        const template = props.templates[Number(index ?? -1)];
        if (template) props.onChoose(template.text);
      }}
      classNames={{ option: 'mono' }}
      searchable
    />
  );
}
