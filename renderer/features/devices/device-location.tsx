import type { DeviceJson } from '../../../core/contract/devices.ts';
import type { DataMessage } from '../../api/data-message.ts';
import { useText } from '../../i18n/use-text.ts';
import { PlaceMap } from '../../ui/map/place-map.tsx';

type Place = NonNullable<DataMessage['location']> | NonNullable<DeviceJson['staticLocation']>;

const inDegrees = ({ lat, lon, alt }: Place): string =>
  `${lat}°, ${lon}°${alt === undefined ? '' : `, ${alt} m`}`;

interface DeviceLocationProps {
  /** Where it was declared to be. */
  readonly declared: DeviceJson['staticLocation'];
  /** Where its last message was sent from. */
  readonly last: DataMessage['location'];
}

/** Where the device is; nothing when nobody said. */
export function DeviceLocation({ declared, last }: DeviceLocationProps) {
  const t = useText('devices');
  if (!declared && !last) return null;
  const places = [
    ...(declared ? [{ ...declared, name: t('staticLocation') }] : []),
    ...(last ? [{ ...last, name: t('lastLocation') }] : []),
  ];
  return (
    <>
      <h2>{t('location')}</h2>
      <PlaceMap places={places} />
      <dl className="facts">
        {declared && (
          <div>
            <dt>{t('staticLocation')}</dt>
            <dd>{inDegrees(declared)}</dd>
          </div>
        )}
        {last && (
          <div>
            <dt>{t('lastLocation')}</dt>
            <dd>{inDegrees(last)}</dd>
          </div>
        )}
      </dl>
    </>
  );
}
