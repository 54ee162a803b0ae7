import { Select } from '@mantine/core';
import { useText } from '../../../i18n/use-text.ts';
import { useRepository, useVersions } from '../../resources/repository-api.ts';
import { objectOf, type RawDraft } from './campaign-form.ts';

interface ResourceChoiceProps {
  readonly draft: RawDraft;
  readonly onChange: (draft: RawDraft) => void;
}

/** A resource and one of its versions, out of the repository; nothing where that may not be read. */
export function ResourceChoice({ draft, onChange }: ResourceChoiceProps) {
  const t = useText('campaignForm');
  const definition = objectOf(draft.text);
  const version = draft.action === 'resource' ? 'targetVersion' : 'requestedVersion';
  const resources = useRepository().data;
  const chosen = resources?.find(({ resourceId }) => resourceId === definition.resourceId)?.resourceId;
  const versions = useVersions(chosen).data ?? [];
  if (!resources) return null;
  const put = (part: object): void =>
    onChange({ ...draft, text: JSON.stringify({ ...definition, ...part }, null, 2) });
  const known = versions.map(({ resourceVersionId }) => resourceVersionId);
  const named = known.find((id) => id === definition[version]) ?? null;
  return (
    <div className="two-columns">
      <Select
        label={t('resource')}
        placeholder={t('resourceHint')}
        data={resources.map(({ resourceId }) => resourceId)}
        value={chosen ?? null}
        onChange={(resourceId) => resourceId !== null && put({ resourceId, [version]: '' })}
        searchable
      />
      <Select
        label={t('version')}
        data={known}
        value={named}
        disabled={chosen === undefined}
        onChange={(id) => id !== null && put({ [version]: id })}
        searchable
      />
    </div>
  );
}
