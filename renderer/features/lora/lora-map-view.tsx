import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { LoraGatewayState, LoraMap } from '../../../core/contract/lora/state.ts';
import { useText } from '../../i18n/use-text.ts';
import { OfflineMap } from '../../ui/map/map.tsx';
import { around, boundsAt, type MapView, type Size, viewOf } from '../../ui/map/mercator.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { LinkTable } from './link-table.tsx';
import { linksOf } from './links.ts';
import { useGateways, useLoraMap } from './lora-api.ts';
import { LoraHeader } from './lora-header.tsx';
import { LoraLegend, LoraMarkers } from './lora-markers.tsx';
import '../fleet/fleet.css';
import './lora.css';

const marginPixels = 96;
/** Nearer than the width of a large city the coast tells nothing. */
const closestStart = 9;

/** Gateways and LoRa devices on a map, with who heard whom last and how well. */
export default function LoraMapView() {
  const t = useText('lora');
  const gateways = useGateways();
  const map = useLoraMap();
  return (
    <div className="list-view">
      <LoraHeader at="map" />
      <QueryView query={gateways} rows={12}>
        {(known) => (
          <QueryView query={map} rows={12}>
            {({ devices }) =>
              known.some(({ location }) => location) || devices.some(({ place }) => place) ? (
                <NetworkMap gateways={known} devices={devices} />
              ) : (
                <EmptyState
                  title={t('noPlaces')}
                  action={
                    <Button component={Link} to="/lora">
                      {t('toGateways')}
                    </Button>
                  }
                >
                  {t('noPlacesText')}
                </EmptyState>
              )
            }
          </QueryView>
        )}
      </QueryView>
    </div>
  );
}

interface NetworkMapProps {
  readonly gateways: readonly LoraGatewayState[];
  readonly devices: LoraMap['devices'];
}

function NetworkMap({ gateways, devices }: NetworkMapProps) {
  const t = useText('lora');
  const [view, setView] = useState<MapView>();
  const links = linksOf(gateways, devices);
  const start = (size: Size): MapView => {
    const places = [...gateways.map(({ location }) => location), ...devices.map(({ place }) => place)];
    const bounds = around(places.flatMap((place) => (place ? [boundsAt(place)] : [])));
    return bounds ? viewOf(bounds, size, marginPixels, closestStart) : { lat: 20, lon: 0, zoom: 0 };
  };
  return (
    <>
      <div className="fleet-map">
        <OfflineMap wheel label={t('mapLabel')} view={view} start={start} onView={setView}>
          {(toPixel, size) => (
            <LoraMarkers gateways={gateways} devices={devices} links={links} toPixel={toPixel} size={size} />
          )}
        </OfflineMap>
      </div>
      <LoraLegend />
      <LinkTable links={links} />
    </>
  );
}
