import { spotlight } from '@mantine/spotlight';
import { flushSync } from 'react-dom';

/** Id of the field that the palette is searched with. */
export const paletteFieldId = 'palette-field';

/** Opens the palette with the focus in it at once: the next key that is pressed is meant for it. */
export function openPalette(): void {
  flushSync(() => spotlight.open());
  document.getElementById(paletteFieldId)?.focus();
}
