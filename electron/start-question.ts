import type { StartFailure } from '../host/start-failure.ts';

/** What the user may choose when the platform did not start. */
export type StartChoice = 'retry' | 'free-port' | 'repair' | 'open-data-folder' | 'copy' | 'quit';
/** What the user may choose when the page does not work while the platform does. */
export type ReloadChoice = 'reload' | 'wait';

export interface Question<Choice extends string> {
  readonly title: string;
  readonly message: string;
  readonly detail: string;
  readonly choices: readonly { readonly label: string; readonly choice: Choice }[];
}
export type StartQuestion = Question<StartChoice>;

const quit = { label: 'Quit', choice: 'quit' } as const;
const retry = { label: 'Try again', choice: 'retry' } as const;
const title = 'Fleetbench did not start';

/** Says what is wrong and what can be done about it. The first choice is the one that Enter takes. */
export function startQuestion(failure: StartFailure, dataDir: string | undefined): StartQuestion {
  const { code, message, details, port } = failure;
  if (code === 'platform.listen' && port !== undefined) {
    return {
      title,
      message: `Port ${port} is not free`,
      detail: [
        'Another program has it: clients that are set to this port reach that program now, not Fleetbench.',
        'Stop it and try again, or take free ports for this run: the window shows which ones, ' +
          'and the next start asks for the usual ones again.',
      ].join('\n\n'),
      choices: [{ label: 'Use free ports for this run', choice: 'free-port' }, retry, quit],
    };
  }
  if (code === 'store.locked') {
    return {
      title,
      message: 'Another Fleetbench uses the data folder',
      detail: [message, details, `Data folder: ${dataDir}`].filter(Boolean).join('\n\n'),
      choices: [retry, quit],
    };
  }
  if (code === 'store.damaged') {
    return {
      title,
      message: 'The data are damaged',
      detail: [
        message,
        details,
        'A repair keeps everything before the damage and sets what comes behind it aside, in files that begin ' +
          'with "damaged-". To be safe, copy the data folder first.',
        `Data folder: ${dataDir}`,
      ]
        .filter(Boolean)
        .join('\n\n'),
      choices: [
        { label: 'Open the data folder', choice: 'open-data-folder' },
        { label: 'Repair', choice: 'repair' },
        quit,
      ],
    };
  }
  return {
    title,
    message: 'Fleetbench cannot start',
    detail: [message, details].filter(Boolean).join('\n\n'),
    choices: [retry, quit],
  };
}

/** For a page that is gone or hangs, while the platform goes on. */
export function reloadQuestion(message: string, detail: string): Question<ReloadChoice> {
  return {
    title: 'Fleetbench',
    message,
    detail,
    choices: [
      { label: 'Reload', choice: 'reload' },
      { label: 'Wait', choice: 'wait' },
    ],
  };
}

/** For a defect: what was thrown is shown, for a report. */
export function defectQuestion(error: unknown, version: string): StartQuestion {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    title: 'Fleetbench has failed',
    message: 'Fleetbench has met a defect of its own and must end',
    detail: `What was acknowledged is kept. Please report this text:\n\nFleetbench ${version}\n${text}`,
    choices: [quit, { label: 'Copy the text and quit', choice: 'copy' }],
  };
}
