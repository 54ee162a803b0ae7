import { IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import type { CaCertificateJson } from '../../../core/contract/certificates.ts';
import { usePreferences } from '../../app/preferences.ts';
import { count } from '../../format/numbers.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { MomentText } from '../../ui/moment-text.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx';
import { AccessPage } from '../access/access-page.tsx';
import { useKeys } from '../access/keys-api.ts';
import { AddCertificate } from './add-certificate.tsx';
import { CertificatePanel } from './certificate-panel.tsx';
import { CertificateState } from './certificate-state.tsx';
import { useCertificates } from './certificates-api.ts';

const rowKey = ({ id }: CaCertificateJson): string => id;

/** The authorities by which the devices of the tenant are certified. */
export default function CertificatesView() {
  return (
    <AccessPage part="certificates">
      <Certificates />
    </AccessPage>
  );
}

function Certificates() {
  const t = useText('certificates');
  const language = usePreferences((state) => state.language);
  const lack = useLack('API_KEY_W');
  const query = useCertificates();
  const keys = useKeys();
  const [url, setUrl] = useUrlState();
  const opened = query.data?.find(({ id }) => id === url.certificate);
  const naming = (id: string): ApiKeyJson[] =>
    (keys.data ?? []).filter(({ clientCert }) => clientCert.caCertIds.includes(id));
  const columns = useColumns(keys.data, opened !== undefined || url.create === 'yes');
  const close = () => setUrl({ certificate: undefined, create: undefined });
  const add = (
    <ReasonButton
      why={lack}
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() => setUrl({ create: 'yes', certificate: undefined })}
    >
      {t('add')}
    </ReasonButton>
  );
  return (
    <>
      <ViewHeader title={t('title')} note={query.data && count(query.data.length, language)}>
        {query.data?.length !== 0 && add}
      </ViewHeader>
      <div className="list-and-panel">
        <QueryView query={query}>
          {(certificates) =>
            certificates.length === 0 ? (
              <EmptyState title={t('empty')} action={add}>
                {t('emptyText')}
              </EmptyState>
            ) : (
              <VirtualTable
                label={t('title')}
                rows={certificates}
                columns={columns}
                rowKey={rowKey}
                selected={opened?.id}
                onOpen={({ id }) => setUrl({ certificate: id, create: undefined })}
              />
            )
          }
        </QueryView>
        {url.create === 'yes' ? (
          <AddCertificate onClose={close} onAdded={(id) => setUrl({ certificate: id, create: undefined })} />
        ) : (
          opened && (
            <CertificatePanel key={opened.id} certificate={opened} keys={naming(opened.id)} onClose={close} />
          )
        )}
      </div>
    </>
  );
}

function useColumns(keys: readonly ApiKeyJson[] | undefined, narrow: boolean): Column<CaCertificateJson>[] {
  const t = useText('certificates');
  return useMemo(() => {
    const columns: Column<CaCertificateJson>[] = [
      {
        id: 'name',
        header: t('name'),
        width: 'minmax(160px, 1fr)',
        cell: ({ comment, subject }) => (
          <strong className="ellipsis" title={comment ?? subject}>
            {comment ?? subject}
          </strong>
        ),
      },
      {
        id: 'state',
        header: t('state'),
        width: '190px',
        cell: (certificate) => <CertificateState certificate={certificate} />,
      },
      {
        id: 'subject',
        header: t('subject'),
        width: 'minmax(160px, 1.4fr)',
        cell: ({ subject }) => (
          <span className="ellipsis" title={subject}>
            {subject}
          </span>
        ),
      },
      {
        id: 'notAfter',
        header: t('notAfter'),
        width: '190px',
        cell: ({ notAfter }) => <MomentText ms={notAfter} />,
      },
      {
        id: 'keys',
        header: t('keys'),
        width: '110px',
        numeric: true,
        cell: ({ id }) => keys?.filter(({ clientCert }) => clientCert.caCertIds.includes(id)).length ?? '',
      },
    ];
    return narrow ? columns.slice(0, 2) : columns;
  }, [t, keys, narrow]);
}
