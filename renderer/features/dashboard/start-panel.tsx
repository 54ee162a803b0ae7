import { Button } from '@mantine/core';
import { IconFlask2, IconPlayerPlay, IconPlugConnected } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useText } from '../../i18n/use-text.ts';
import { useLack } from '../../session/identity.ts';
import { ReasonButton } from '../../ui/reason-button.tsx';
import { ActionError } from '../../ui/view-states.tsx';
import { replacePolicy } from '../routing/routing-api.ts';
import { createFleet, listFleets, startFleet, useTemplates } from '../simulators/simulators-api.ts';

const demoFifo = 'demo';

/** The three ways to begin. */
export function StartPanel() {
  const t = useText('dashboard');
  const navigate = useNavigate();
  const templates = useTemplates();
  const first = templates.data?.[0];
  const [policyLack, fleetLack] = [useLack('BUS_CONFIG_W'), useLack('DEVICE_W')];
  const lack = policyLack ?? fleetLack;
  const demo = useMutation({
    mutationFn: async () => {
      if (first === undefined) return;
      const filter = { connectors: ['mqtt' as const] };
      // Under a name of its own: a second try replaces the first.
      await replacePolicy('demo', {
        name: 'Demo',
        enabled: true,
        triggers: { dataMessage: { version: 1, filter } },
        actions: { fifoPublish: [{ fifoName: demoFifo, noRetention: false }] },
      });
      const { name } = first.template;
      const fleet = (await listFleets()).find(({ template }) => template.name === name);
      await startFleet((fleet ?? (await createFleet(first.template))).id);
      await navigate({ to: '/messages' });
    },
  });
  return (
    <section className="start">
      <h2>{t('start')}</h2>
      <div className="start-choices">
        <Choice
          icon={<IconFlask2 size={18} aria-hidden />}
          title={t('startSimulate')}
          text={t('startSimulateText')}
          to="/simulators"
        />
        <Choice
          icon={<IconPlugConnected size={18} aria-hidden />}
          title={t('startConnect')}
          text={t('startConnectText')}
          to="/connect"
        />
        <div className="start-choice">
          <p>{first ? t('startDemoText', { name: first.template.name }) : t('startDemoPlain')}</p>
          <ReasonButton
            variant="default"
            why={lack}
            leftSection={<IconPlayerPlay size={18} aria-hidden />}
            loading={demo.isPending}
            disabled={first === undefined}
            onClick={() => demo.mutate()}
          >
            {t('startDemo')}
          </ReasonButton>
        </div>
      </div>
      <ActionError error={demo.error ?? (templates.isError ? templates.error : null)} />
    </section>
  );
}

function Choice(props: { icon: React.ReactNode; title: string; text: string; to: string }) {
  return (
    <div className="start-choice">
      <p>{props.text}</p>
      <Button component={Link} to={props.to} variant="default" leftSection={props.icon}>
        {props.title}
      </Button>
    </div>
  );
}
