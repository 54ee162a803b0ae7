import { SegmentedControl, Select, Textarea } from '@mantine/core';
import { useText } from '../../i18n/use-text.ts';
import { useCentre } from './centre-api.ts';
import { draftFault, draftLength, type SmsDraft } from './sms-draft.ts';

interface SmsCommandFieldsProps {
  readonly draft: SmsDraft;
  readonly onChange: (draft: SmsDraft) => void;
}

/** Characters that fit into the most parts that a message may have. */
const longestPayload = 255 * 280;

/** What a command over SMS says: a text or bytes, what that takes, and the number that it comes from. */
export function SmsCommandFields({ draft, onChange }: SmsCommandFieldsProps) {
  const t = useText('sms');
  const { data: centre } = useCentre();
  const length = draftLength(draft, centre);
  const fault = draftFault(draft, centre);
  return (
    <>
      <SegmentedControl
        aria-label={t('type')}
        data={[
          { value: 'TEXT', label: t('type_TEXT') },
          { value: 'BINARY', label: t('type_BINARY') },
        ]}
        value={draft.type}
        onChange={(type) => onChange({ ...draft, type: type as SmsDraft['type'] })}
      />
      <Textarea
        label={t(`payload_${draft.type}`)}
        value={draft.payload}
        autosize
        minRows={2}
        maxRows={8}
        maxLength={longestPayload}
        spellCheck={false}
        classNames={draft.type === 'BINARY' ? { input: 'mono' } : {}}
        error={draft.payload !== '' && fault !== undefined && t(fault, { most: centre?.maxParts ?? 0 })}
        onChange={(event) => onChange({ ...draft, payload: event.currentTarget.value })}
      />
      <p className="flat dimmed">{length && t('cost', { ...length })}</p>
      <Select
        label={t('from')}
        placeholder={t('fromInterface')}
        data={centre?.serverPhoneNumbers ?? []}
        value={draft.serverPhoneNumber === '' ? null : draft.serverPhoneNumber}
        clearable
        onChange={(next) => onChange({ ...draft, serverPhoneNumber: next ?? '' })}
      />
    </>
  );
}
