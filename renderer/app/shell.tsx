import { Link, Outlet } from '@tanstack/react-router';
import { useText } from '../i18n/use-text.ts';
import { LiveProvider } from '../live/live.tsx';
import { CommandPalette } from './command-palette.tsx';
import { Header } from './header.tsx';
import { logo as Logo, views } from './views.ts';

/** Rail, header and the view. */
export function Shell() {
  const t = useText('shell');
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
          <Outlet />
        </main>
      </div>
      <CommandPalette />
    </LiveProvider>
  );
}
