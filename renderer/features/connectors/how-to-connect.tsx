import { useEndpoints } from '../../app/endpoints.tsx';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { connectorLines } from './connector-lines.ts';

/** Lines to paste, with the address that listens. */
export function HowToConnect() {
  const t = useText('connectors');
  const { data: endpoints } = useEndpoints();
  const url = endpoints?.mqtts ?? endpoints?.mqtt;
  if (url === undefined) return null;
  const lines = connectorLines(url);
  return (
    <section className="stack connectors-how">
      <h2>{t('how')}</h2>
      <p className="flat">{t('howKey')}</p>
      <p className="flat">{endpoints?.mqtts === undefined ? t('howPlain') : t('howTls')}</p>
      <CodeBlock text={lines.subscribe} what={t('lineSubscribe')} wrap />
      <CodeBlock text={lines.publish} what={t('linePublish')} wrap />
    </section>
  );
}
