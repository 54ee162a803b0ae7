import { useEndpoints } from '../../app/endpoints.tsx';
import { useHealth } from '../../app/use-health.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { connectorLines } from './connector-lines.ts';

/** Lines to paste, with the address that listens. */
export function HowToConnect() {
  const t = useText('connectors');
  const { data: endpoints } = useEndpoints();
  const plainHere = useHealth().data?.settings.connectorPlainOnLoopback === true;
  const url = endpoints?.mqtts ?? endpoints?.mqtt;
  if (url === undefined) return null;
  const lines = connectorLines(url);
  return (
    <section className="stack connectors-how">
      <h2>{t('how')}</h2>
      <p className="flat">{t('howKey')}</p>
      {endpoints?.mqtts !== undefined && <p className="flat">{t('howTls')}</p>}
      {plainHere && <p className="flat">{t('howPlainHere')}</p>}
      {endpoints?.mqtts === undefined && !plainHere && <p className="flat">{t('howPlain')}</p>}
      <CodeBlock text={lines.subscribe} what={t('lineSubscribe')} wrap />
      <CodeBlock text={lines.publish} what={t('linePublish')} wrap />
    </section>
  );
}
