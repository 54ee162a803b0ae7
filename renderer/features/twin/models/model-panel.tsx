import { useState } from 'react';
import type { ObjectModelJson } from '../../../../core/contract/twin-models.ts';
import { useText } from '../../../i18n/use-text.ts';
import { ConfirmDelete } from '../../../ui/confirm-delete.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { IdText } from '../../../ui/id-text.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { ReasonButton } from '../../../ui/reason-button.tsx';
import { SidePanel } from '../../../ui/side-panel.tsx';
import { useDeleteModel, useModel } from './models-api.ts';

/** One definition with its resources. */
export function ModelPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText('twinModels');
  const query = useModel(id);
  return (
    <SidePanel title={query.data?.name ?? t('definition')} onClose={onClose} wide>
      <QueryView query={query} rows={8}>
        {(model) => <ModelFacts model={model} onDeleted={onClose} />}
      </QueryView>
    </SidePanel>
  );
}

function ModelFacts({ model, onDeleted }: { model: ObjectModelJson; onDeleted: () => void }) {
  const t = useText('twinModels');
  const common = useText('common');
  const [deleting, setDeleting] = useState(false);
  const remove = useDeleteModel();
  const { objectDefinitionId, objectId, owner, resources } = model;
  return (
    <>
      {owner !== undefined && (
        <div className="buttons">
          <ReasonButton variant="default" needs="DEVICE_W" onClick={() => setDeleting(true)}>
            {common('delete')}
          </ReasonButton>
        </div>
      )}
      <Facts
        facts={[
          [t('definition'), <IdText key="id" id={objectDefinitionId} what={t('definition')} />],
          [t('id'), objectId],
          [t('version'), model.version],
          [t('lwm2mVersion'), model.lwm2mVersion],
          [t('owner'), owner === undefined ? t('public') : t('custom')],
          [t('instances'), model.multiple ? t('many') : t('one')],
          [t('mandatory'), model.mandatory ? t('yes') : t('no')],
        ]}
      />
      <p className="twin-description">{model.description}</p>
      <h3>{t('resources', { count: resources.length })}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="wide-table" aria-label={t('resources', { count: resources.length })} tabIndex={0}>
        <ResourceTable resources={resources} />
      </section>
      {deleting && (
        <ConfirmDelete
          title={t('deleteTitle', { name: model.name })}
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await remove.mutateAsync(objectDefinitionId);
            onDeleted();
          }}
        >
          <p>{t('deleteText', { id: objectDefinitionId, count: resources.length })}</p>
        </ConfirmDelete>
      )}
    </>
  );
}

function ResourceTable({ resources }: Pick<ObjectModelJson, 'resources'>) {
  const t = useText('twinModels');
  return (
    <table className="plain-table model-resources">
      <thead>
        <tr>
          {(
            ['id', 'resource', 'operations', 'type', 'instances', 'mandatory', 'range', 'units'] as const
          ).map((name) => (
            <th key={name} scope="col" className={name === 'id' ? 'numeric' : undefined}>
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {resources.map(({ id, name, description, type, multiple, mandatory, operations, range, units }) => (
          <tr key={id}>
            <td className="numeric mono">{id}</td>
            <th scope="row" title={description}>
              {name}
            </th>
            <td title={operations === undefined ? t('deviceDecides') : undefined}>
              {operations === undefined ? '?' : operations.map((each) => each.charAt(0)).join(' ')}
            </td>
            <td>{type === 'NONE' ? '' : type.toLowerCase().replace('_', ' ')}</td>
            <td>{multiple ? t('many') : t('one')}</td>
            <td>{mandatory ? t('yes') : t('no')}</td>
            <td>{range}</td>
            <td>{units}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
