import { IconPlus } from '@tabler/icons-react';
import { useText } from '../../i18n/use-text.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { FleetCard } from './fleet-card.tsx';
import { FleetEditor } from './fleet-editor.tsx';
import { useFleets, useTemplates } from './simulators-api.ts';

const own = 'yes';

export default function SimulatorsView() {
  const t = useText('simulators');
  const [url, setUrl] = useUrlState();
  const templates = useTemplates();
  const fleets = useFleets();
  // Of a template that the portal does not know, the platform says what it is.
  const saidOf = (id: string, description: string): string =>
    t(`gallery_${id}` as 'gallery_machine', { defaultValue: description });
  const nameOf = (id: string, name: string): string =>
    t(`galleryName_${id}` as 'galleryName_machine', { defaultValue: name });
  const entry = templates.data?.find(({ id }) => id === url.create);
  return (
    <div className="list-and-panel">
      <div className="page">
        <ViewHeader title={t('title')} note={t('note')}>
          <ReasonButton
            needs="DEVICE_W"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => setUrl({ create: own })}
          >
            {t('newFleet')}
          </ReasonButton>
        </ViewHeader>
        <section className="page-part">
          <h2>{t('gallery')}</h2>
          <QueryView query={templates} rows={3}>
            {(entries) => (
              <ul className="gallery">
                {entries.map(({ id, description, template }) => (
                  <li key={id}>
                    <button
                      type="button"
                      className="gallery-entry"
                      aria-label={t('use', { name: nameOf(id, template.name) })}
                      onClick={() => setUrl({ create: id })}
                    >
                      <strong>{nameOf(id, template.name)}</strong>
                      <span>{saidOf(id, description)}</span>
                    </button>
                  </li>
                ))}
              </ul>
            )}
          </QueryView>
        </section>
        <section className="page-part">
          <h2>{t('fleets')}</h2>
          <QueryView query={fleets} rows={4}>
            {(all) =>
              all.length === 0 ? (
                <EmptyState title={t('noFleets')}>{t('noFleetsText')}</EmptyState>
              ) : (
                <ul className="fleets">
                  {all.map((fleet) => (
                    <FleetCard key={fleet.id} fleet={fleet} at={fleets.dataUpdatedAt} />
                  ))}
                </ul>
              )
            }
          </QueryView>
        </section>
      </div>
      {(entry || url.create === own) && fleets.data && (
        <FleetEditor
          key={url.create}
          template={entry && { ...entry.template, name: nameOf(entry.id, entry.template.name) }}
          taken={fleets.data.map(({ template }) => template.name)}
          onClose={() => setUrl({ create: undefined })}
        />
      )}
    </div>
  );
}
