import { useLoraLive } from '../../live/live.tsx';
import { FrameList } from './frame-list.tsx';
import { LoraHeader } from './lora-header.tsx';

/** Frames of all LoRa devices, and of unknown ones at the tenant's gateways. */
export default function FramesView() {
  const live = useLoraLive();
  return (
    <div className="list-view">
      <LoraHeader at="frames" />
      <FrameList deviceId={undefined} live={live} />
    </div>
  );
}
