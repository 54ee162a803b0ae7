import { useText } from '../../i18n/use-text.ts';
import { presets } from './role-groups.ts';

/** The usual choices of roles for an API key. */
export function useKeyPresets() {
  const t = useText('access');
  const preset = (name: keyof typeof presets) => ({
    label: t(`preset_${name}`),
    text: t(`preset_${name}Text`),
    roles: presets[name],
  });
  return {
    device: preset('device'),
    connector: preset('connector'),
    application: preset('application'),
    reader: preset('reader'),
  };
}
