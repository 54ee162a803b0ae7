import { useText } from '../../i18n/use-text.ts';
import { Facts } from '../../ui/facts.tsx';
import { TimeText } from '../../ui/time-text.tsx';

interface Contact {
  readonly timestamp: string;
  readonly serverPhoneNumber: string;
}

/** When an SMS interface was heard and written to last, and by which number (manual 5.5.2.3). */
export function SmsActivity({ activity }: { activity: Readonly<Record<string, unknown>> }) {
  const t = useText('sms');
  const { lastUplink, lastDownlink } = activity as {
    readonly lastUplink?: Contact;
    readonly lastDownlink?: Contact;
  };
  return (
    <Facts
      facts={[
        [t('lastUplink'), lastUplink && <Moment contact={lastUplink} arrow="→" />],
        [t('lastDownlink'), lastDownlink && <Moment contact={lastDownlink} arrow="←" />],
      ]}
    />
  );
}

function Moment({ contact: { timestamp, serverPhoneNumber }, arrow }: { contact: Contact; arrow: string }) {
  return (
    <>
      <TimeText time={timestamp} form="full" /> {arrow} <span className="mono">{serverPhoneNumber}</span>
    </>
  );
}
