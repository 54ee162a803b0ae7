import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { LoraGatewayState, LoraMap } from '../../../core/contract/lora/state.ts';
import { useText } from '../../i18n/use-text.ts';
import { OfflineMap } from '../../ui/map/map.tsx';
import { around, boundsAt, type MapView, mostZoom, type Size, viewOf } from '../../ui/map/mercator.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { EmptyState } from '../../ui/view-states.tsx';
import { isOnePlace } from '../fleet/markers.ts';
import { LinkTable } from './link-table.tsx';
import { linksOf, type MapDevice } from './links.ts';
import { useGateways, useLoraMap } from './lora-api.ts';
import { LoraHeader } from './lora-header.tsx';
import { LoraLegend, LoraMarkers } from './lora-markers.tsx';
import { NodesHere } from './nodes-here.tsx';
import '../fleet/fleet.css';
import './lora.css';

const marginPixels = 56;
/** As near as two gateways in a few streets need. */
const closestStart = 15;

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
  const [shown, setShown] = useState<{ readonly view: MapView; readonly size: Size }>();
  const [opened, setOpened] = useState<ReadonlySet<string>>();
  const links = linksOf(gateways, devices);
  const start = (size: Size): MapView => {
    const places = [...gateways.map(({ location }) => location), ...devices.map(({ place }) => place)];
    const bounds = around(places.flatMap((place) => (place ? [boundsAt(place)] : [])));
    return bounds ? viewOf(bounds, size, marginPixels, closestStart) : { lat: 20, lon: 0, zoom: 0 };
  };
  const open = (members: readonly MapDevice[]): void => {
    const bounds = around(members.flatMap(({ place }) => (place ? [boundsAt(place)] : [])));
    if (!bounds || !shown) return;
    const isClosest = shown.view.zoom > mostZoom - 0.5;
    if (isClosest || isOnePlace(bounds)) setOpened(new Set(members.map(({ devEUI }) => devEUI)));
    else setShown({ ...shown, view: viewOf(bounds, shown.size, marginPixels) });
  };
  return (
    <>
      <div className="list-and-panel lora-map">
        <div className="fleet-map">
          <OfflineMap
            wheel
            label={t('mapLabel')}
            view={shown?.view}
            start={start}
            onView={(view, size) => setShown({ view, size })}
          >
            {(toPixel, size) => (
              <LoraMarkers {...{ gateways, devices, links, toPixel, size }} onOpen={open} />
            )}
          </OfflineMap>
        </div>
        {opened && (
          <NodesHere
            devices={devices.filter(({ devEUI }) => opened.has(devEUI))}
            onClose={() => setOpened(undefined)}
          />
        )}
      </div>
      <LoraLegend />
      <LinkTable links={links} />
    </>
  );
}
