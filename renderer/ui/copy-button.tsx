import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useText } from '../i18n/use-text.ts';

const shownMs = 1500;
// Made once: a list shows hundreds.
const copyIcon = <IconCopy size={14} />;
const copiedIcon = <IconCheck size={14} />;

/** Copies a text; says so in its own place. `what` names it for a screen reader. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const t = useText('common');
  const [copied, setCopied] = useState(false);
  const label = copied ? t('copied') : t('copyWhat', { what });
  return (
    // A list has many of these: a plain button is a tenth of the work of a styled one.
    <button
      type="button"
      className="copy"
      aria-label={label}
      title={label}
      onClick={(event) => {
        event.stopPropagation();
        copyText(text);
        setCopied(true);
        setTimeout(() => setCopied(false), shownMs);
      }}
    >
      {copied ? copiedIcon : copyIcon}
    </button>
  );
}

/** The clipboard of the browser is there on trusted origins only; a selection works on the others too. */
function copyText(text: string): void {
  if (navigator.clipboard) {
    void navigator.clipboard.writeText(text).catch(() => copyBySelection(text));
  } else copyBySelection(text);
}

function copyBySelection(text: string): void {
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
