import { ActionIcon, Tooltip } from '@mantine/core';
import { IconFocusCentered, IconMinus, IconPlus } from '@tabler/icons-react';
import { useText } from '../../i18n/use-text.ts';
import { type MapView, scaleOf } from './mercator.ts';

const mostScalePixels = 96;

const length = (meters: number): string => (meters < 1000 ? `${meters} m` : `${meters / 1000} km`);

/** Buttons to zoom and to begin again, and the scale. */
export function MapControls(props: { view: MapView; onZoom: (steps: number) => void; onStart: () => void }) {
  const t = useText('map');
  const scale = scaleOf(props.view, mostScalePixels);
  const button = (label: string, icon: React.ReactNode, onClick: () => void) => (
    <Tooltip label={label} position="left">
      <ActionIcon variant="default" aria-label={label} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <>
      <div className="map-controls">
        {button(t('closer'), <IconPlus size={16} />, () => props.onZoom(1))}
        {button(t('farther'), <IconMinus size={16} />, () => props.onZoom(-1))}
        {button(t('start'), <IconFocusCentered size={16} />, props.onStart)}
      </div>
      <div className="map-scale" style={{ width: scale.pixels }}>
        {length(scale.meters)}
      </div>
    </>
  );
}
