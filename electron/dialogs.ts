import { appendFileSync } from 'node:fs';
import { app, type BrowserWindow, clipboard, dialog } from 'electron';
import type { Question } from './start-question.ts';

/**
 * Answers for tests of the program as a whole, which cannot press the buttons of the system's dialogs: choices in
 * the order of the questions, which go to a file, a line each. A packaged program has no such thing.
 */
const scripted = app.isPackaged
  ? []
  : (process.env.FLEETBENCH_DIALOG_ANSWERS ?? '').split(',').filter(Boolean);

/** What closing a dialog chooses. */
const cancels: ReadonlySet<string> = new Set(['quit', 'wait']);

/** Asks a question in a dialog of the system. A dialog that is closed chooses the last choice. */
export async function ask<Choice extends string>(
  question: Question<Choice>,
  window: BrowserWindow | undefined,
): Promise<Choice> {
  const { title, message, detail, choices } = question;
  const last = choices.at(-1)?.choice;
  if (last === undefined) throw new Error(`a question without choices: ${message}`);
  const answer = scripted.shift();
  if (answer !== undefined) {
    const log = process.env.FLEETBENCH_DIALOG_LOG;
    if (log) appendFileSync(log, `${JSON.stringify({ title, message, detail, answer })}\n`);
    return choices.find(({ choice }) => choice === answer)?.choice ?? last;
  }
  const options = {
    type: 'error' as const,
    title,
    message,
    detail,
    buttons: choices.map(({ label }) => label),
    defaultId: 0,
    cancelId: choices.findIndex(({ choice }) => cancels.has(choice)),
    noLink: true,
  };
  const shown = window?.isVisible() ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options);
  const choice = choices[(await shown).response]?.choice ?? last;
  if (choice === 'copy') await clipboard.writeText(detail);
  return choice;
}
