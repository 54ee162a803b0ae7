import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { LoraFrame } from '../../../core/contract/lora/frames.ts';
import { useText } from '../../i18n/use-text.ts';
import { deviceHref, IdText } from '../../ui/id-text.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { TimeText } from '../../ui/time-text.tsx';
import type { Column } from '../../ui/virtual-table.tsx';
import { dropWord } from './drop-reason.ts';
import { frameLine } from './frame-rows.ts';

/** @param ofDevice on the page of a device, which need not be named @param narrow beside an opened frame */
export function useFrameColumns(ofDevice: boolean, narrow: boolean): Column<LoraFrame>[] {
  const t = useText('lora');
  return useMemo(() => {
    const columns: Column<LoraFrame>[] = [
      { id: 'time', header: t('time'), width: '112px', cell: ({ time }) => <TimeText time={time} /> },
      {
        id: 'type',
        header: t('frame'),
        width: 'minmax(210px, 1fr)',
        cell: ({ direction, type, note }) => {
          const Icon = direction === 'up' ? IconArrowUp : IconArrowDown;
          return (
            <span className="ellipsis inline" title={type}>
              <Icon size={14} aria-label={t(direction)} />{' '}
              <span className="mono">{type ?? t('noFrame')}</span>{' '}
              {note && <span className="dimmed">{t(`note_${note}`)}</span>}
            </span>
          );
        },
      },
      {
        id: 'device',
        header: t('device'),
        width: 'minmax(150px, 1fr)',
        cell: ({ deviceId, devEUI }) =>
          deviceId === undefined ? (
            <span className="dimmed">{t('nobody')}</span>
          ) : (
            <IdText id={devEUI ?? deviceId} to={deviceHref(deviceId)} />
          ),
      },
      {
        id: 'line',
        header: t('says'),
        width: 'minmax(180px, 2fr)',
        cell: (frame) => {
          const line = frameLine(frame);
          return (
            <span className="ellipsis" title={frame.dropped?.text ?? line}>
              {frame.dropped && <StatusMark tone="bad" word={dropWord(t, frame.dropped.reason)} />}{' '}
              <span className="mono">{line}</span>
            </span>
          );
        },
      },
      {
        id: 'fCnt',
        header: 'FCnt',
        width: '76px',
        numeric: true,
        cell: ({ data }) => data && (data.fCntFull ?? data.fCnt),
      },
      {
        id: 'radio',
        header: t('radio'),
        width: '180px',
        cell: ({ radio: { modulation, frequency } }) =>
          modulation !== undefined && `${modulation}, ${frequency} MHz`,
      },
      {
        id: 'signal',
        header: t('signal'),
        width: '150px',
        cell: ({ radio: { heard, window } }) =>
          heard?.[0] ? `${heard[0].rssi} dBm, ${heard[0].snr ?? '–'} dB` : window && t(`window_${window}`),
      },
    ];
    const left = ofDevice ? columns.filter(({ id }) => id !== 'device') : columns;
    return narrow ? left.filter(({ id }) => ['time', 'type', 'line'].includes(id)) : left;
  }, [t, ofDevice, narrow]);
}
