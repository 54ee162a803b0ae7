import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

interface ReasonButtonProps extends ButtonProps {
  /** Why it cannot be used now; undefined: it can. */
  readonly why: string | undefined;
  readonly children: ReactNode;
  readonly onClick?: () => void;
  readonly type?: 'button' | 'submit';
}

/** A button that says why when it cannot be used. It keeps the focus, so that the reason can be had by keyboard. */
export function ReasonButton({ why, onClick, type = 'button', ...props }: ReasonButtonProps) {
  if (why === undefined) return <Button {...props} type={type} {...(onClick && { onClick })} />;
  return (
    <Tooltip label={why} w={280}>
      <Button
        {...props}
        type="button"
        data-disabled
        aria-disabled
        onClick={(event) => event.preventDefault()}
      />
    </Tooltip>
  );
}
