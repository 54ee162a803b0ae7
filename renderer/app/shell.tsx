import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { LiveProvider } from '../live/live.tsx';
import { useIdentity } from '../session/identity.ts';
import { EmptyState } from '../ui/view-states.tsx';
import { CommandPalette } from './command-palette.tsx';
import { Header } from './header.tsx';
import { useOpenViews } from './use-open-views.ts';
import { isOpenTo, logo as Logo, needsOf, viewOf } from './views.ts';

/** Rail, header and the view. */
export function Shell() {
  const t = useText('shell');
  const views = useOpenViews();
  return (
    <LiveProvider>
      <div className="shell">
        <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
          {t('skip')}
        </button>
        <nav className="rail" aria-label={t('views')}>
          <Link to="/" className="brand">
            <Logo size={20} aria-hidden />
            <span>Fleetbench</span>
          </Link>
          {views.map(({ name, path, icon: Icon }) => (
            <Link
              key={name}
              to={path}
              className="rail-link"
              activeOptions={{ exact: path === '/', includeSearch: false }}
              title={t(name)}
            >
              <Icon size={18} stroke={1.6} aria-hidden />
              <span>{t(name)}</span>
            </Link>
          ))}
        </nav>
        <Header />
        <main id="main" className="view" tabIndex={-1}>
          <PermittedView />
        </main>
      </div>
      <CommandPalette />
    </LiveProvider>
  );
}

/** The view, or why who is signed in may not see it. */
function PermittedView() {
  const t = useText('shell');
  const { pathname } = useLocation();
  const { data: identity } = useIdentity();
  const view = viewOf(pathname);
  if (!view || !identity || isOpenTo(view, identity.roles)) return <Outlet />;
  return (
    <EmptyState title={t('notPermitted', { view: t(view.name) })}>
      {t('notPermittedText', { roles: needsOf(view).join(', ') })}
    </EmptyState>
  );
}
