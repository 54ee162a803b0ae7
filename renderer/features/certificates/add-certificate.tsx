import { Button, FileButton, Textarea, TextInput } from '@mantine/core';
import { IconFileUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createCaCertificateRequest } from '../../../core/contract/certificates.ts';
import { useText } from '../../i18n/use-text.ts';
import { AsCurl } from '../../ui/as-curl.tsx';
import { FormButtons } from '../../ui/form-buttons.tsx';
import { problemsOf } from '../../ui/form-problems.ts';
import { SidePanel } from '../../ui/side-panel.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { readCertificateFile } from './certificate-file.ts';
import { addCertificate, certificatesUrl } from './certificates-api.ts';

/** Adds a CA certificate from a file, or from what is pasted. */
export function AddCertificate({ onClose, onAdded }: { onClose: () => void; onAdded: (id: string) => void }) {
  const t = useText('certificates');
  const common = useText('common');
  const queries = useQueryClient();
  const [certificate, setCertificate] = useState('');
  const [comment, setComment] = useState('');
  const request = { certificate: certificate.trim(), ...(comment !== '' && { comment }) };
  const problems = problemsOf(createCaCertificateRequest, request, common('needed'));
  const add = useMutation({
    mutationFn: () => addCertificate(request),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['certificates'] });
      onAdded(id);
    },
  });
  const take = async (file: File | null): Promise<void> => {
    if (!file) return;
    add.reset();
    setCertificate(await readCertificateFile(file));
    if (comment === '') setComment(file.name);
  };
  return (
    <SidePanel title={t('add')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate();
        }}
      >
        <p>{t('addText')}</p>
        <div>
          <FileButton onChange={(file) => void take(file)} accept=".pem,.crt,.cer,.der">
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFileUpload size={14} aria-hidden />}>
                {t('file')}
              </Button>
            )}
          </FileButton>
        </div>
        <Textarea
          label={t('paste')}
          description={t('pasteHint')}
          placeholder="-----BEGIN CERTIFICATE-----"
          autosize
          minRows={6}
          maxRows={16}
          spellCheck={false}
          value={certificate}
          error={certificate !== '' && problems.has('certificate') && t('tooLong')}
          onChange={(event) => {
            add.reset();
            setCertificate(event.currentTarget.value);
          }}
          classNames={{ input: 'mono' }}
        />
        <TextInput
          label={t('comment')}
          description={t('commentHint')}
          value={comment}
          error={problems.has('comment') && t('commentBad')}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <ActionError error={add.error} />
        <FormButtons
          submit={t('addDo')}
          needs="API_KEY_W"
          busy={add.isPending}
          disabled={certificate.trim() === '' || problems.size > 0}
          onCancel={onClose}
        />
        {certificate.trim() !== '' && problems.size === 0 && (
          <AsCurl method="POST" path={certificatesUrl} body={request} />
        )}
      </form>
    </SidePanel>
  );
}
