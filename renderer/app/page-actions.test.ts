// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest';
import { pageActions } from './page-actions.ts';

it('offers the buttons of the page by their words, once each, and none that is off', () => {
  document.body.innerHTML = `
    <header><button>Menu</button></header>
    <main>
      <button id="pause">Pause</button>
      <button aria-label="Jump to time"><svg></svg></button>
      <button>Pause</button>
      <button disabled>Drain</button>
      <button aria-disabled="true">Delete</button>
      <button></button>
      <div role="grid"><button>of a row</button></div>
      <div class="code"><button>Copy</button></div>
    </main>`;
  const clicked = vi.fn();
  document.getElementById('pause')?.addEventListener('click', clicked);
  const actions = pageActions();
  expect(actions.map(({ label }) => label)).toEqual(['Pause', 'Jump to time']);
  actions[0]?.run();
  expect(clicked).toHaveBeenCalledOnce();
  document.body.innerHTML = '';
  actions[0]?.run();
  expect(clicked).toHaveBeenCalledOnce();
});
