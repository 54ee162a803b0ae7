import i18next from 'i18next';
import { frenchDrops } from './french-drops.ts';
import { frenchFaults } from './french-faults.ts';

interface Entry {
  readonly pattern: RegExp;
  readonly french: string;
}

/** Made when French is first asked for. */
let entries: readonly Entry[] | undefined;

/**
 * What the contract says of a value that does not fit, and the network of a frame that it drops, in the language of the
 * portal. Each says it once, in English; its text is the key to the others. What is not in the catalogue stays as it is.
 */
export function faultText(text: string, language: string | undefined = i18next.language): string {
  if (language !== 'fr') return text;
  entries ??= [...frenchDrops, ...frenchFaults].map(toEntry);
  for (const { pattern, french } of entries) {
    const found = pattern.exec(text);
    if (!found) continue;
    let at = 0;
    // What stands for more than a number may hold texts of the catalogue itself, one after the other.
    return french.replace(/#|~\*/g, (place) => {
      const part = found[++at] ?? '';
      return place === '#'
        ? part
        : part
            .split(', ')
            .map((each) => faultText(each, language))
            .join(', ');
    });
  }
  return text;
}

function toEntry([english, french]: readonly [string, string]): Entry {
  const escaped = english.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const pattern = escaped.replace(/#/g, '(-?\\d+)').replace(/~\\\*/g, '(.+)');
  return { pattern: new RegExp(`^${pattern}$`, 's'), french };
}
