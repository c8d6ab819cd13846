import { Tooltip } from '@mantine/core';
import { useNow } from './clock';
import { due, exact, relative } from './phrases';
import { ClockIcon, WarningIcon } from '../icons';

type Props = { at: string; zone?: string | null };

/** Relative, with the exact moment on hover and focus. */
export function Ago({ at, zone }: Props) {
  const moment = Date.parse(at);
  return (
    <Tooltip label={exact(moment, zone)}>
      <time dateTime={at} className="moment">
        {relative(moment, useNow())}
      </time>
    </Tooltip>
  );
}

export function DueAt({ at, zone }: Props) {
  const moment = Date.parse(at);
  const told = due(moment, useNow());
  return (
    <Tooltip label={`Due ${exact(moment, zone)}`}>
      <time dateTime={at} className={`due due-${told.level}`}>
        {told.level === 'overdue' && <WarningIcon />}
        {told.level === 'soon' && <ClockIcon />}
        {told.words}
      </time>
    </Tooltip>
  );
}
