import { Switch } from '@mantine/core';
import { useState } from 'react';
import { platformOrigin } from '../api/client.ts';
import { useText } from '../i18n/use-text.ts';
import { useSession } from '../session/session-store.ts';
import { CodeBlock } from './code-block.tsx';
import { curl, curlFile, curlForm, keyPlaceholder } from './curl.ts';

type AsCurlProps = {
  /** From `/api` on. */
  readonly path: string;
} & (
  | { readonly method: 'POST' | 'PUT' | 'PATCH'; readonly body: unknown }
  | { readonly method: 'GET' }
  /** Name of a file that is sent as it is, or as the field of a form. */
  | { readonly file: string; readonly field?: string }
);

/** What a form sends, as a line for a terminal; with the key of the session when asked for, so that it runs as it is. */
export function AsCurl(props: AsCurlProps) {
  const common = useText('common');
  return (
    <section>
      <h3>{common('asCurl')}</h3>
      <CurlLine {...props} />
    </section>
  );
}

/** The line without a heading, for where one stands already. */
export function CurlLine(props: AsCurlProps) {
  const common = useText('common');
  const sessionKey = useSession((state) => state.session?.key);
  const [withKey, setWithKey] = useState(false);
  const key = withKey && sessionKey !== undefined ? sessionKey : keyPlaceholder;
  const url = `${platformOrigin()}${props.path}`;
  const text = lineOf(props, url, key);
  return (
    <>
      <CodeBlock what={common('asCurl')} wrap text={text} />
      <Switch
        size="xs"
        label={common('withSessionKey')}
        description={common('withSessionKeyHint')}
        checked={withKey}
        onChange={(event) => setWithKey(event.currentTarget.checked)}
      />
    </>
  );
}

function lineOf(props: AsCurlProps, url: string, key: string): string {
  if (!('file' in props)) return curl(props.method, url, 'body' in props ? props.body : undefined, key);
  return props.field === undefined
    ? curlFile(url, props.file, key)
    : curlForm(url, props.field, props.file, key);
}
