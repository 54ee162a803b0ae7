import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Role } from '../../core/contract/roles.ts';
import { useLack } from '../session/identity.ts';
import { useFocusBack } from './use-focus-back.ts';

interface ReasonButtonProps extends ButtonProps {
  /** Why it cannot be used now; undefined: it can. */
  readonly why?: string | undefined;
  /** The role that it cannot be used without. */
  readonly needs?: Role | undefined;
  readonly children: ReactNode;
  readonly onClick?: () => void;
  readonly type?: 'button' | 'submit';
  readonly 'aria-label'?: string;
}

/** A button that says why when it cannot be used. It keeps the focus, so that the reason can be had by keyboard. */
export function ReasonButton({ why, needs, onClick, type = 'button', ...props }: ReasonButtonProps) {
  const lack = useLack(needs);
  const button = useFocusBack(props.loading === true);
  const reason = lack ?? why;
  if (reason === undefined)
    return <Button {...props} ref={button} type={type} {...(onClick && { onClick })} />;
  // Disabled in its own way, for what is disabled as usual cannot be asked why.
  const { disabled: _, ...shown } = props;
  return (
    <Tooltip label={reason} w={280} events={{ hover: true, focus: true, touch: true }}>
      <Button
        {...shown}
        type="button"
        data-disabled
        aria-disabled
        onClick={(event) => event.preventDefault()}
      />
    </Tooltip>
  );
}
