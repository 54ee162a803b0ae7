import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { logo as Logo } from '../../app/views.ts';
import { useText } from '../../i18n/use-text.ts';
import { windowSession } from '../../session/open-session.ts';
import { useSession } from '../../session/session-store.ts';
import { KeyForm } from './key-form.tsx';
import { UserForm } from './user-form.tsx';

const ways = ['user', 'key'] as const;

/** Where one is without a session: takes a user's password or an API key, and says where the link is. */
export default function LoginPage() {
  const t = useText('login');
  const { reason, signIn } = useSession();
  const [way, setWay] = useState<(typeof ways)[number]>('user');
  const ofWindow = windowSession();
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <h1>
          <Logo size={24} aria-hidden /> Fleetbench
        </h1>
        {reason && (
          <div className="action-error" role="alert">
            <div>
              <strong>{t(`reason_${reason.kind}`)}</strong>
              <p>{t(`reason_${reason.kind}Text`)}</p>
              <p className="code-line">
                {reason.message} {reason.details}
              </p>
            </div>
          </div>
        )}
        {ofWindow && (
          <Button size="sm" fullWidth onClick={() => signIn(ofWindow)}>
            {t('ofWindow')}
          </Button>
        )}
        <SegmentedControl
          aria-label={t('with')}
          fullWidth
          size="sm"
          data={ways.map((value) => ({ value, label: t(`with_${value}`) }))}
          value={way}
          onChange={(next) => setWay(next as typeof way)}
        />
        {way === 'user' ? <UserForm /> : <KeyForm />}
        <p className="dimmed">{t('link')}</p>
      </div>
    </main>
  );
}
