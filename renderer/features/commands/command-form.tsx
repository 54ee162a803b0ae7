import { Autocomplete, SegmentedControl, Select } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import {
  type CommandConnector,
  type CommandJson,
  commandConnectors,
} from '../../../core/contract/commands.ts';
import type { DeviceJson } from '../../../core/contract/devices.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { CurlLine } from '../../ui/as-curl.tsx';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { jsonFault } from '../../ui/json-fault.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { LoraCommandFields } from '../lora/command-fields.tsx';
import { emptyLoraDraft, type LoraDraft, loraDraftIsRight, loraDraftValue } from '../lora/lora-draft.ts';
import { useCentre } from '../sms/centre-api.ts';
import { CentreNotice } from '../sms/centre-state.tsx';
import { SmsCommandFields } from '../sms/command-fields.tsx';
import { draftFault, draftValue, emptyDraft, type SmsDraft } from '../sms/sms-draft.ts';
import { commandsUrl, type NewCommand, useCreateCommand } from './commands-api.ts';
import { firstValue, knownRequests } from './known-requests.ts';
import { checkPolicy, type PolicyDraft } from './policy-draft.ts';
import { PolicyFields } from './policy-fields.tsx';

interface CommandFormProps {
  readonly device: DeviceJson;
  /** The newest commands of the device, which it is filled from. */
  readonly sent: readonly CommandJson[];
  readonly onCreated: (command: CommandJson) => void;
}

/** Connectors of a device that carry commands here. */
const offered: readonly CommandConnector[] = ['mqtt', 'lora', 'sms', 'x-connector'];

/** Sends a command: from the requests that the device is known to take, or as raw JSON. */
export function CommandForm({ device, sent, onCreated }: CommandFormProps) {
  const t = useText('commands');
  const common = useText('common');
  const smsText = useText('sms');
  const loraText = useText('lora');
  const connectors = commandConnectors.filter(
    (name) => offered.includes(name) && device.interfaces?.some(({ connector }) => connector === name),
  );
  const [connector, setConnector] = useState<CommandConnector>(connectors[0] ?? 'mqtt');
  const [asRaw, setAsRaw] = useState(false);
  const [req, setReq] = useState('');
  const [arg, setArg] = useState('{}');
  const [raw, setRaw] = useState(() => firstValue(connectors[0] ?? 'mqtt', sent));
  const [sms, setSms] = useState<SmsDraft>(emptyDraft);
  const [lora, setLora] = useState<LoraDraft>(emptyLoraDraft);
  const [draft, setDraft] = useState<PolicyDraft>({ numbers: {} });
  const create = useCreateCommand(device.id, onCreated);
  const lack = useLack('DEVICE_W');
  const known = knownRequests(sent);
  const { policy, problems } = checkPolicy(draft);
  const isSms = connector === 'sms';
  const { data: centre } = useCentre({ enabled: isSms });
  const smsFault = draftFault(sms, centre);
  const requestFault =
    req === '' ? t('requestNeeded') : (jsonFault(arg) ?? objectFault(arg, t('objectNeeded')));
  /** What is written into fields, of the connectors that have some beside raw JSON. */
  const allFields: Partial<Record<CommandConnector, { fault: string | undefined; value: () => object }>> = {
    mqtt: { fault: requestFault, value: () => ({ req, arg: JSON.parse(arg) }) },
    lora: {
      fault: loraDraftIsRight(lora) ? undefined : loraText('commandFault'),
      value: () => loraDraftValue(lora),
    },
    sms: {
      fault: smsFault && smsText(smsFault, { most: centre?.maxParts ?? 0 }),
      value: () => draftValue(sms),
    },
  };
  const fields = allFields[connector];
  const isRaw = asRaw || !fields;
  const valueFault = isRaw ? (jsonFault(raw) ?? objectFault(raw, t('objectNeeded'))) : fields.fault;
  const fault = valueFault ?? (Object.keys(problems).length > 0 ? t('policyWrong') : undefined);
  const choose = (name: string): void => {
    setReq(name);
    const like = known.find((each) => each.req === name);
    if (like?.arg !== undefined) setArg(JSON.stringify(like.arg, null, 2));
  };
  const command = (): NewCommand => ({
    request: { connector, value: isRaw ? JSON.parse(raw) : fields.value() },
    ...(policy && { policy }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (fault === undefined) create.mutate(command());
  };
  if (connectors.length === 0) return <p className="dimmed">{t('noConnector')}</p>;
  return (
    <form className="stack" onSubmit={submit} aria-label={t('new')}>
      {connectors.length > 1 && (
        <Select
          label={t('connector')}
          data={connectors}
          value={connector}
          allowDeselect={false}
          onChange={(next) => {
            const chosen = (next ?? 'mqtt') as CommandConnector;
            setConnector(chosen);
            setRaw(firstValue(chosen, sent));
          }}
        />
      )}
      {isSms && <CentreNotice />}
      {fields && (
        <SegmentedControl
          aria-label={t('formOf')}
          data={[
            { value: 'fields', label: isSms ? smsText('asMessage') : t('asFields') },
            { value: 'raw', label: t('asRaw') },
          ]}
          value={asRaw ? 'raw' : 'fields'}
          onChange={(next) => {
            if (next === 'raw' && valueFault === undefined) setRaw(JSON.stringify(fields.value(), null, 2));
            setAsRaw(next === 'raw');
          }}
        />
      )}
      {isRaw ? (
        <JsonEditor key={connector} label={t('value')} value={raw} onChange={setRaw} height={140} />
      ) : connector === 'lora' ? (
        <LoraCommandFields draft={lora} onChange={setLora} />
      ) : isSms ? (
        <SmsCommandFields draft={sms} onChange={setSms} />
      ) : (
        <>
          <Autocomplete
            label={t('req')}
            description={known.length > 0 ? t('knownHint') : undefined}
            data={known.map((each) => each.req)}
            value={req}
            onChange={choose}
            classNames={{ input: 'mono' }}
          />
          <JsonEditor label={t('arg')} value={arg} onChange={setArg} height={100} />
        </>
      )}
      <details className="disclosure">
        <summary>{t('policy')}</summary>
        <PolicyFields draft={draft} problems={problems} onChange={setDraft} />
      </details>
      <div className="buttons">
        <ReasonButton
          type="submit"
          why={lack ?? fault}
          loading={create.isPending}
          leftSection={<IconSend size={14} aria-hidden />}
        >
          {t('send')}
        </ReasonButton>
      </div>
      <ActionError error={create.error} />
      {fault === undefined && (
        <details className="disclosure">
          <summary>{common('asCurl')}</summary>
          <CurlLine method="POST" path={commandsUrl(device.id)} body={command()} />
        </details>
      )}
    </form>
  );
}

/** What is wrong with JSON text that must be an object. */
function objectFault(text: string, says: string): string | undefined {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : says;
}
