import type { GatewayFigure } from '@afecto/gateway';
import { table } from '../terminal/table';

export const shown = (value: number | null | undefined): string => {
  if (value === undefined || value === null) return '';
  return value >= 100 ? Math.round(value).toLocaleString('en-GB') : value.toFixed(2);
};

/** How much of a limit is reached; 1 and more: all of it. */
const reached = ({ value, unit }: GatewayFigure, limit: number | null): number | null =>
  limit === null ? null : unit === 'ms' ? limit / value : value / limit;

/** The figures of the gateway beside what limits them, as text. */
export const gatewayTable = (figures: ReadonlyArray<GatewayFigure>): string => {
  const heads = ['through the official client', 'gateway', 'unit', 'ceiling', 'of it', 'bare gRPC', 'raw rows/s'];
  const rows = figures.map((figure) => [
    figure.name,
    shown(figure.value),
    figure.unit,
    shown(figure.ceiling),
    shown(reached(figure, figure.ceiling)),
    shown(figure.bare),
    shown(figure.commits),
    shown(figure.limit),
    shown(reached(figure, figure.limit)),
    shown(figure.processorTime),
  ]);
  return table([[...heads, 'both', 'of it', 'server CPU µs'], ...rows], [1, 3, 4, 5, 6, 7, 8, 9]);
};
