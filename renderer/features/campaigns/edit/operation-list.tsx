import { ActionIcon, Button, NumberInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useText } from '../../../i18n/use-text.ts';
import type { Problems } from '../../../ui/form-problems.ts';
import { newCommand, newConfigure, newResource, type OperationDraft } from './campaign-form.ts';
import type { CampaignPartProps } from './choose-devices.tsx';
import type { CommandTemplate } from './command-templates.ts';
import { ParameterTable } from './parameter-table.tsx';
import { RawFields } from './raw-fields.tsx';

interface OperationListProps extends CampaignPartProps {
  readonly templates: readonly CommandTemplate[];
}

/** What is done on each device, one after the other. */
export function OperationList({ form, problems, tried, templates, onChange }: OperationListProps) {
  const t = useText('campaignForm');
  const list = useRef<HTMLOListElement>(null);
  const { operations } = form;
  const put = (next: readonly OperationDraft[]): void => onChange({ operations: next });
  /** What is moved, made, or next to what was removed, has the focus: the button may be gone. */
  const focus = (index: number): void => {
    requestAnimationFrame(() => {
      const items = list.current?.querySelectorAll<HTMLElement>(':scope > li > fieldset');
      items?.[Math.min(index, items.length - 1)]?.focus();
    });
  };
  const move = (from: number, to: number): void => {
    const next = [...operations];
    next.splice(to, 0, ...next.splice(from, 1));
    put(next);
    focus(to);
  };
  const add = (draft: OperationDraft): void => {
    put([...operations, draft]);
    focus(operations.length);
  };
  const problem = problems.get('operations');
  return (
    <>
      <ol className="plain operation-list" ref={list}>
        {operations.map((draft, index) => (
          <li key={draft.key}>
            <OperationPart
              draft={draft}
              place={index + 1}
              problems={problems}
              tried={tried}
              templates={templates}
              onChange={(changed) => put(operations.map((each) => (each === draft ? changed : each)))}
              onUp={index > 0 ? () => move(index, index - 1) : undefined}
              onDown={index < operations.length - 1 ? () => move(index, index + 1) : undefined}
              onRemove={() => {
                put(operations.filter((each) => each !== draft));
                focus(index);
              }}
            />
          </li>
        ))}
      </ol>
      {problem !== undefined && (
        <p className="field-error" role="status">
          {problem}
        </p>
      )}
      <div className="buttons">
        <Button
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => add(newCommand())}
        >
          {t('addCommand')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => add(newConfigure())}
        >
          {t('addConfigure')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => add(newResource())}
        >
          {t('addResource')}
        </Button>
      </div>
    </>
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
  readonly onUp: (() => void) | undefined;
  readonly onDown: (() => void) | undefined;
  readonly onRemove: () => void;
}

function OperationPart(props: OperationPartProps) {
  const t = useText('campaignForm');
  const { draft, place, problems, tried, onChange } = props;
  const at = `operations.${place - 1}.definition`;
  const name = t('operation', { place, action: t(`do_${draft.action}`) });
  const button = (label: string, icon: React.ReactNode, act: (() => void) | undefined) => (
    <ActionIcon aria-label={`${label} ${place}`} disabled={act === undefined} onClick={act}>
      {icon}
    </ActionIcon>
  );
  return (
    <fieldset className="operation-part" aria-label={name} tabIndex={-1}>
      <div className="operation-title">
        <h3>{name}</h3>
        <span className="spring" />
        {button(t('up'), <IconArrowUp size={14} />, props.onUp)}
        {button(t('down'), <IconArrowDown size={14} />, props.onDown)}
        {button(t('remove'), <IconX size={14} />, props.onRemove)}
      </div>
      {draft.action !== 'configure' ? (
        <RawFields
          draft={draft}
          at={at}
          problems={problems}
          tried={tried}
          templates={props.templates}
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
    </fieldset>
  );
}
