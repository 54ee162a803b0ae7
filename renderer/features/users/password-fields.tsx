import { PasswordInput } from '@mantine/core';
import { passwordDemands } from '../../../core/contract/users.ts';
import { useText } from '../../i18n/use-text.ts';
import { StatusMark } from '../../ui/status-mark.tsx';

/** A field for a new password, with what such a one must have and has already. */
export function NewPassword(props: {
  label: string;
  description?: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const t = useText('users');
  return (
    <div>
      <PasswordInput
        label={props.label}
        description={props.description}
        autoComplete="new-password"
        value={props.value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
      {props.value !== '' && (
        <ul className="demands" aria-label={t('demands')}>
          {passwordDemands.map(({ name, pattern }) => {
            const met = pattern.test(props.value);
            return (
              <li key={name}>
                <StatusMark tone={met ? 'ok' : 'quiet'} word={t(`demand_${name}`)} />
                <span className="visually-hidden">{met ? t('met') : t('missing')}</span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
