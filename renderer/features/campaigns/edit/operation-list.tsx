import { Button, NumberInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useText } from '../../../i18n/use-text.ts';
import type { Problems } from '../../../ui/form-problems.ts';
import { PartList } from '../../../ui/part-list.tsx';
import { newCommand, newConfigure, newResource, type OperationDraft } from './campaign-form.ts';
import type { CampaignPartProps } from './choose-devices.tsx';
import type { CommandTemplate } from './command-templates.ts';
import { ParameterTable } from './parameter-table.tsx';
import { RawFields } from './raw-fields.tsx';

interface OperationListProps extends CampaignPartProps {
  readonly templates: readonly CommandTemplate[];
}

const kinds = [
  { words: 'addCommand', make: newCommand },
  { words: 'addConfigure', make: newConfigure },
  { words: 'addResource', make: newResource },
] as const;

/** What is done on each device, one after the other. */
export function OperationList({ form, problems, tried, templates, onChange }: OperationListProps) {
  const t = useText('campaignForm');
  const problem = problems.get('operations');
  return (
    <PartList
      parts={form.operations}
      onChange={(operations) => onChange({ operations })}
      nameOf={({ action }, place) => t('operation', { place, action: t(`do_${action}`) })}
      words={{ up: t('up'), down: t('down'), remove: t('remove') }}
      add={(add) => (
        <>
          {problem !== undefined && (
            <p className="field-error" role="status">
              {problem}
            </p>
          )}
          <div className="buttons">
            {kinds.map(({ words, make }) => (
              <Button
                key={words}
                variant="default"
                leftSection={<IconPlus size={14} aria-hidden />}
                onClick={() => add(make())}
              >
                {t(words)}
              </Button>
            ))}
          </div>
        </>
      )}
    >
      {(draft, place, change) => (
        <OperationPart
          draft={draft}
          place={place}
          problems={problems}
          tried={tried}
          templates={templates}
          onChange={change}
        />
      )}
    </PartList>
  );
}

interface OperationPartProps {
  readonly draft: OperationDraft;
  /** From 1. */
  readonly place: number;
  readonly problems: Problems;
  readonly tried: boolean;
  readonly templates: readonly CommandTemplate[];
  readonly onChange: (draft: OperationDraft) => void;
}

function OperationPart({ draft, place, problems, tried, templates, onChange }: OperationPartProps) {
  const t = useText('campaignForm');
  const at = `operations.${place - 1}.definition`;
  return (
    <>
      {draft.action !== 'configure' ? (
        <RawFields
          draft={draft}
          at={at}
          problems={problems}
          tried={tried}
          templates={templates}
          onChange={onChange}
        />
      ) : (
        <ParameterTable draft={draft} at={at} problems={problems} tried={tried} onChange={onChange} />
      )}
      <NumberInput
        label={t('maxRetry')}
        description={t('maxRetryHint')}
        value={draft.maxRetry}
        min={0}
        clampBehavior="none"
        error={problems.get(`${at}.maxRetry`)}
        onChange={(maxRetry) => onChange({ ...draft, maxRetry })}
        w={260}
      />
    </>
  );
}
