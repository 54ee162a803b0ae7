import type { CampaignSummary } from '../../../core/contract/campaigns.ts';
import { useText } from '../../i18n/use-text.ts';
import { CodeBlock } from '../../ui/code-block.tsx';

type Operation = CampaignSummary['operations'][number];

/** What a campaign does on each device, one after the other. */
export function OperationSentences({ operations }: { operations: readonly Operation[] }) {
  const t = useText('campaigns');
  return (
    <ol className="plain campaign-operations">
      {operations.map((operation, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: their order is what tells operations apart
        <li key={index}>
          <h3>
            {t('operationAt', { place: index + 1, action: t(`action_${operation.action}`) })}{' '}
            <span className="dimmed">{t('repeats', { count: retriesOf(operation) })}</span>
          </h3>
          <Definition operation={operation} />
        </li>
      ))}
    </ol>
  );
}

const retriesOf = ({ definition }: Operation): number => Number(definition.maxRetry ?? 0);

function Definition({ operation }: { operation: Operation }) {
  const t = useText('campaigns');
  const { maxRetry: _, assetParameters, ...rest } = operation.definition;
  if (operation.action !== 'configure') {
    return <CodeBlock text={JSON.stringify(rest, null, 2)} what={t(`action_${operation.action}`)} wrap />;
  }
  return (
    <table className="plain-table campaign-parameters">
      <thead>
        <tr>
          <th>{t('parameter')}</th>
          <th>{t('type')}</th>
          <th>{t('value')}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(assetParameters as Record<string, Record<string, unknown>>).map(
          ([key, parameter]) => (
            <tr key={key}>
              <td className="mono break">{key}</td>
              <td>{String(parameter.type)}</td>
              <td className="mono break">{parameterValue(parameter)}</td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}

/** The one value among the fields of a parameter, of which the type tells the name. */
function parameterValue({ type: _, ...fields }: Record<string, unknown>): string {
  return Object.values(fields)
    .filter((value) => value !== undefined && value !== null)
    .map(String)
    .join(', ');
}
