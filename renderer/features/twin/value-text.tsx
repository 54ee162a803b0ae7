import { useText } from '../../i18n/use-text.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { ResourceModel } from './twin-model.ts';
import { readValue } from './twin-value.ts';

/** Bytes that are shown of one that is long. */
const shownBytes = 16;

interface ValueTextProps {
  readonly model: ResourceModel | undefined;
  readonly reported: string;
  readonly onPath: (path: string) => void;
}

/** A value as its type and unit have it; the text of the API is in the hint, and is what is copied. */
export function ValueText({ model, reported, onPath }: ValueTextProps) {
  const t = useText('twin');
  const read = readValue(model?.type, reported);
  const units = model?.units ? <span className="dimmed"> {model.units}</span> : null;
  switch (read.kind) {
    case 'flag':
      return <span title={reported}>{t(read.on ? 'yes' : 'no')}</span>;
    case 'time':
      return (
        <span title={reported}>
          <TimeText time={read.time} form="full" />
        </span>
      );
    case 'number':
      return (
        <span>
          <span className="twin-number">{read.text}</span>
          {units}
        </span>
      );
    case 'bytes': {
      const pairs = read.hex.match(/../g) ?? [];
      const rest = pairs.length > shownBytes ? ' …' : '';
      return (
        <span className="twin-text">
          <span className="mono" title={reported}>
            {pairs.slice(0, shownBytes).join(' ')}
            {rest}
          </span>{' '}
          <span className="dimmed">{t('bytes', { count: read.length })}</span>
          <CopyButton text={reported} what={t('base64')} />
        </span>
      );
    }
    case 'link': {
      const { path } = read;
      return path === undefined ? (
        <span className="dimmed">{t('noLink')}</span>
      ) : (
        <button type="button" className="link-button mono" onClick={() => onPath(path)}>
          {path}
        </button>
      );
    }
    case 'text':
      return (
        <span className="twin-text">
          <span className="mono">{reported === '' ? '""' : reported}</span>
          {units}
        </span>
      );
  }
}
