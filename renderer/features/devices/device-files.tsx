import { Button, Menu } from '@mantine/core';
import { IconDownload, IconFileImport } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type BulkFormat, bulkFormats } from '../../../core/contract/imports.ts';
import { api } from '../../api/client.ts';
import { useText } from '../../i18n/use-text.ts';
import { saveFile } from '../../ui/save-file.ts';
import { ActionError } from '../../ui/view-states.tsx';

/** Devices in from a file, and those of the list out into one. */
export function DeviceFiles({ filter }: { filter: string }) {
  const t = useText('import');
  const save = useMutation({
    mutationFn: async (format: BulkFormat) => {
      const query = { filterQuery: filter, format };
      saveFile(`devices.${format}`, await api.download('/bench/v1/devices/export', query));
    },
  });
  return (
    <>
      <ActionError error={save.error} />
      <Button
        component={Link}
        to="/devices/import"
        variant="default"
        leftSection={<IconFileImport size={14} aria-hidden />}
      >
        {t('open')}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            loading={save.isPending}
          >
            {t('export')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {bulkFormats.map((format) => (
            <Menu.Item key={format} onClick={() => save.mutate(format)}>
              {t(format === 'csv' ? 'exportCsv' : 'exportJson')}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
