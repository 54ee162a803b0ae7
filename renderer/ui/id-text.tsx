import { CopyButton } from './copy-button.tsx';

/** Characters at the end that stay visible: they tell ids apart. */
const tailLength = 10;
const longestTail = 26;
/** An id as short as an EUI or a phone number is shown whole. */
const shortLength = 16;
const deviceScheme = 'urn:lo:nsid:';

/** Where an id may be cut: after what all device ids begin with, so that namespace and name stay. */
function cutOf(id: string): number {
  if (id.length <= shortLength) return 0;
  const own = id.length - deviceScheme.length;
  if (id.startsWith(deviceScheme) && own <= longestTail) return deviceScheme.length;
  return Math.max(0, id.length - tailLength);
}

interface IdTextProps {
  readonly id: string;
  /** Where the id leads; none: it is only text. */
  readonly to?: string | undefined;
  /** What it is, for the copy button; none: no copy button. */
  readonly what?: string | undefined;
}

/** An id in one line, shortened in its middle where there is no room for it. */
export function IdText({ id, to, what }: IdTextProps) {
  const cut = cutOf(id);
  const text = (
    <>
      {cut > 0 && <span className="id-head">{id.slice(0, cut)}</span>}
      <span className="id-tail">{id.slice(cut)}</span>
    </>
  );
  return (
    <span className="id" title={id}>
      {to === undefined ? (
        <span className="id-text">{text}</span>
      ) : (
        // Lists have many of these and change often: a plain link is a tenth of the work of one of the router.
        <a href={`#${to}`} className="id-text link" aria-label={id}>
          {text}
        </a>
      )}
      {what !== undefined && <CopyButton text={id} what={what} />}
    </span>
  );
}

export const deviceHref = (deviceId: string): string => `/devices/${encodeURIComponent(deviceId)}`;
