import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKeyJson } from '../../../core/contract/api-keys.ts';
import type { CaCertificateJson } from '../../../core/contract/certificates.ts';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ConfirmDelete } from '../../ui/confirm-delete.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { type Fact, Facts } from '../../ui/facts.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { MomentText } from '../../ui/moment-text.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { keyHref } from '../access/key-facts.tsx';
import { OpenSessions } from '../access/open-sessions.tsx';
import { CertificateState } from './certificate-state.tsx';
import { deleteCertificate } from './certificates-api.ts';

interface CertificatePanelProps {
  readonly certificate: CaCertificateJson;
  /** Keys that name it. */
  readonly keys: readonly ApiKeyJson[];
  readonly onClose: () => void;
}

export function CertificatePanel({ certificate, keys, onClose }: CertificatePanelProps) {
  const t = useText('certificates');
  const common = useText('common');
  const lack = useLack('API_KEY_W');
  const [asking, setAsking] = useState(false);
  const { id, subject, issuer, serialNumber, fingerprint } = certificate;
  const facts: Fact[] = [
    [t('id'), <IdText key="id" id={id} what={t('id')} />],
    [t('subject'), subject],
    [t('issuer'), issuer === subject ? t('selfSigned') : issuer],
    [t('notBefore'), <MomentText key="from" ms={certificate.notBefore} />],
    [t('notAfter'), <MomentText key="to" ms={certificate.notAfter} />],
    [t('added'), <MomentText key="added" ms={certificate.creationTs} />],
    [
      t('serial'),
      <span key="serial" className="mono">
        {serialNumber}
      </span>,
    ],
    [
      t('fingerprint'),
      <span key="fingerprint" className="mono">
        {fingerprint} <CopyButton text={fingerprint} what={t('fingerprint')} />
      </span>,
    ],
    [t('keys'), keys.length === 0 ? t('keysNone') : <KeyNames key="keys" keys={keys} />],
  ];
  return (
    <SidePanel title={certificate.comment ?? subject} onClose={onClose}>
      <CertificateState certificate={certificate} />
      <div className="buttons">
        <ReasonButton variant="default" why={lack} onClick={() => setAsking(true)}>
          {common('delete')}
        </ReasonButton>
      </div>
      <Facts facts={facts} />
      <OpenSessions title={t('sessions')} filter={{ caCertificateId: id }} none={t('sessionsNone')} />
      <section>
        <h3>PEM</h3>
        <CodeBlock text={certificate.certificate} what="PEM" />
      </section>
      {asking && (
        <DeleteCertificate
          certificate={certificate}
          keys={keys}
          onClose={() => setAsking(false)}
          onDeleted={onClose}
        />
      )}
    </SidePanel>
  );
}

const KeyNames = ({ keys }: { keys: readonly ApiKeyJson[] }) => (
  <span className="inline">
    {keys.map(({ id, label }) => (
      <a key={id} href={`#${keyHref(id)}`} className="link">
        {label}
      </a>
    ))}
  </span>
);

function DeleteCertificate(props: {
  certificate: CaCertificateJson;
  keys: readonly ApiKeyJson[];
  onClose: () => void;
  onDeleted: () => void;
}) {
  const { certificate, keys } = props;
  const t = useText('certificates');
  const queries = useQueryClient();
  const bereft = keys.filter(({ clientCert }) => clientCert.required && clientCert.caCertIds.length === 1);
  return (
    <ConfirmDelete
      title={t('deleteTitle', { name: certificate.comment ?? certificate.subject })}
      onClose={props.onClose}
      onConfirm={async () => {
        await deleteCertificate(certificate.id);
        props.onDeleted();
        for (const area of ['certificates', 'keys']) await queries.invalidateQueries({ queryKey: [area] });
      }}
    >
      <p>{t('deleteText')}</p>
      {keys.length > 0 && (
        <p>
          {t('deleteKeys', { count: keys.length })}{' '}
          <strong>{keys.map(({ label }) => label).join(', ')}</strong>
        </p>
      )}
      {bereft.length > 0 && (
        <p className="status-bad">
          {t('deleteBereft', { names: bereft.map(({ label }) => label).join(', ') })}
        </p>
      )}
      <OpenSessions
        title={t('sessionsEnd')}
        filter={{ caCertificateId: certificate.id }}
        none={t('sessionsEndNone')}
      />
    </ConfirmDelete>
  );
}
