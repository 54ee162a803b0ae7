import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';

/** What fills an empty platform: a device of one's own, or a simulated one. */
export function WaysToBegin() {
  const t = useText('shell');
  return (
    <div className="buttons">
      <Button component={Link} to="/connect">
        {t('connect')}
      </Button>
      <Button component={Link} to="/simulators" variant="default">
        {t('simulate')}
      </Button>
    </div>
  );
}
