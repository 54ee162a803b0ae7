import { Link, useParams } from '@tanstack/react-router';
import { useText } from '../../../i18n/use-text.ts';
import { QueryView } from '../../../ui/query-view.tsx';
import { useUrlState } from '../../../ui/use-url-state.ts';
import { useWholeCampaign } from '../campaigns-api.ts';
import { CampaignEditor } from './campaign-editor.tsx';
import { emptyForm, toForm } from './campaign-form.ts';

/** The form of a new campaign, perhaps like another one, or of one that is there. */
export default function CampaignEditorView() {
  const { campaignId } = useParams({ strict: false }) as { campaignId?: string };
  const [{ like, filter }] = useUrlState();
  const known = campaignId ?? like;
  if (known === undefined) return <CampaignEditor start={emptyForm(filter)} />;
  return <KnownCampaign key={known} id={known} isCopy={campaignId === undefined} />;
}

function KnownCampaign({ id, isCopy }: { id: string; isCopy: boolean }) {
  const t = useText('campaigns');
  const query = useWholeCampaign(id);
  const way = (
    <Link to="/campaigns" className="link">
      {t('all')}
    </Link>
  );
  return (
    <QueryView query={query} rows={10} way={way}>
      {(campaign) => {
        const form = toForm(campaign);
        return isCopy ? (
          <CampaignEditor start={{ ...form, start: '', end: '' }} />
        ) : (
          <CampaignEditor start={form} campaign={campaign} />
        );
      }}
    </QueryView>
  );
}
