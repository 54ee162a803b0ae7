/** A button of the page that is shown. */
export interface PageAction {
  readonly label: string;
  run(): void;
}

/** More would be no help. */
const mostActions = 60;
/** Buttons that belong to one row, one tab, or the text beside them: away from it their words mean nothing. */
const elsewhere = '[role=grid], [role=tree], [role=tablist], [role=radiogroup], .code';

/**
 * What can be done on the page now, by the words on its buttons: so the palette offers each of them, and none that is
 * not there or not allowed.
 */
export function pageActions(page: ParentNode = document): PageAction[] {
  const found = new Map<string, PageAction>();
  for (const element of page.querySelectorAll<HTMLElement>('main button, main a.mantine-Button-root')) {
    const label = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim();
    const isOff = element.matches(':disabled, [aria-disabled=true], [data-disabled]');
    if (label === '' || isOff || found.has(label) || element.closest(elsewhere)) continue;
    found.set(label, {
      label,
      run: () => {
        if (!element.isConnected) return;
        element.focus();
        element.click();
      },
    });
    if (found.size === mostActions) break;
  }
  return [...found.values()];
}
