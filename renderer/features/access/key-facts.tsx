import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count, duration } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { MomentText } from '../../ui/moment-text.tsx';
import { useCertificates } from '../certificates/certificates-api.ts';
import { RoleList } from './role-list.tsx';

export const keyHref = (id: string): string => `/access?key=${encodeURIComponent(id)}`;

/** All there is to know of a key. */
export function KeyFacts({ apiKey, keys }: { apiKey: ApiKeyJson; keys: readonly ApiKeyJson[] }) {
  const t = useText('access');
  const common = useText('common');
  const parent = keys.find(({ id }) => id === apiKey.parentId);
  const children = keys.filter(({ parentId, userId }) => parentId === apiKey.id && userId === undefined);
  const { fifos } = apiKey.scope;
  const facts: Fact[] = [
    [t('id'), <IdText key="id" id={apiKey.id} what={t('id')} />],
    [t('description'), apiKey.description],
    [t('parent'), parent && <KeyLink apiKey={parent} />],
    [t('children'), children.length > 0 && <KeyLinks keys={children} />],
    [t('created'), <MomentText key="created" ms={apiKey.creationTs} />],
    [
      t('lastUsed'),
      <MomentText key="used" ms={apiKey.lastActivity} form="relative" none={common('never')} />,
    ],
    [t('from'), apiKey.from !== undefined && <MomentText ms={apiKey.from} />],
    [t('to'), apiKey.to !== undefined && <MomentText ms={apiKey.to} />],
    [t('idle'), apiKey.sessionTtl !== undefined && duration(apiKey.sessionTtl)],
    [t('fifos'), fifos.length > 0 ? fifos.join(', ') : t('anyFifo')],
    [t('clientCert'), <CertificateFact key="certificate" apiKey={apiKey} />],
    [t('rate'), <Rates key="rate" apiKey={apiKey} />],
    [t('roles'), <RoleList key="roles" roles={apiKey.roles} />],
  ];
  return <Facts facts={facts} />;
}

const mostLinks = 8;

function KeyLinks({ keys }: { keys: readonly ApiKeyJson[] }) {
  const t = useText('access');
  return (
    <span className="inline">
      {keys.slice(0, mostLinks).map((key) => (
        <KeyLink key={key.id} apiKey={key} />
      ))}
      {keys.length > mostLinks && (
        <span className="dimmed">{t('more', { count: keys.length - mostLinks })}</span>
      )}
    </span>
  );
}

const KeyLink = ({ apiKey }: { apiKey: ApiKeyJson }) => (
  <a href={`#${keyHref(apiKey.id)}`} className="link">
    {apiKey.label}
  </a>
);

function CertificateFact({ apiKey: { clientCert } }: { apiKey: ApiKeyJson }) {
  const t = useText('access');
  const certificates = useCertificates();
  if (!clientCert.required) return t('certNotNeeded');
  if (clientCert.caCertIds.length === 0) return <span className="status-bad">{t('certNobody')}</span>;
  return (
    <span className="inline">
      {clientCert.caCertIds.map((id) => {
        const ca = certificates.data?.find((each) => each.id === id);
        return (
          <a key={id} href={`#/access/certificates?certificate=${id}`} className="link">
            {ca?.comment ?? ca?.subject ?? id}
          </a>
        );
      })}
    </span>
  );
}

/** How often it may be used; publications of external connectors and applications count as those of bridges. */
function Rates({ apiKey: { rateLimit } }: { apiKey: ApiKeyJson }) {
  const t = useText('access');
  const language = usePreferences((state) => state.language);
  const rates = [
    { name: t('rateHttp'), most: rateLimit.httpMaxCalls, seconds: rateLimit.httpWindowSize },
    {
      name: t('rateDevice'),
      most: rateLimit.mqttDeviceMaxMessages,
      seconds: rateLimit.mqttDeviceWindowSize,
    },
    {
      name: t('rateBridge'),
      most: rateLimit.mqttBridgeMaxMessages,
      seconds: rateLimit.mqttBridgeWindowSize,
    },
  ];
  return (
    <ul className="role-list">
      {rates.map(({ name, most, seconds }) => (
        <li key={name}>
          <span>{name}</span>
          <span className="dimmed">
            {t('rateEach', { number: count(most, language), time: duration(seconds * 1000) })}
          </span>
        </li>
      ))}
    </ul>
  );
}
