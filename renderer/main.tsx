import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import './app/base.css';
import './app/shell.css';
import './ui/table.css';
import './ui/ui.css';
import './features/features.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { startI18n } from './i18n/i18n.ts';
import { openSession } from './session/open-session.ts';

const root = document.getElementById('root');
if (!root) throw new Error('the page has no #root');

startI18n();
void openSession();
createRoot(root).render(
  <StrictMode>
    <App root={root} />
  </StrictMode>,
);
