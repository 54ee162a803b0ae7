import { Endpoints } from '../../app/endpoints.tsx';
import { useText } from '../../i18n/use-text.ts';
import { ViewHeader } from '../../ui/view-header.tsx';
import { DeviceCountsPanel, useDeviceCounts } from './device-counts.tsx';
import { FailingPanel } from './failing-panel.tsx';
import { LastMessages } from './last-messages.tsx';
import { RatePanel } from './rate-panel.tsx';
import { StartPanel } from './start-panel.tsx';

/** What the platform does, at a glance. The ways to begin go when there are devices. */
export default function DashboardView() {
  const t = useText('dashboard');
  const counts = useDeviceCounts();
  return (
    <div className="page">
      <ViewHeader title={t('title')} />
      {counts.data?.total === 0 && <StartPanel />}
      <div className="dashboard">
        <div className="cards">
          <RatePanel />
          <LastMessages />
        </div>
        <div className="cards">
          <DeviceCountsPanel />
          <FailingPanel />
          <section className="card">
            <div className="card-title">
              <h2>{t('endpoints')}</h2>
            </div>
            <Endpoints />
          </section>
        </div>
      </div>
    </div>
  );
}
